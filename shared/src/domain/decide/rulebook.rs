//! Putting a rulebook version in force (W1).

use super::{Edit, Fact, Refusal, TEXT_BYTES, limit, require};
use crate::domain::rulebook::Rulebook;
use crate::domain::{Acting, Adoption, Workspace};
use crate::id::{Address, DocumentId, ScopeId};
use crate::role::Role;

pub(super) fn adopt(
    workspace: &Workspace,
    acting: &Acting,
    rulebook: &Rulebook,
    adopted_at: &str,
) -> Result<Vec<Edit>, Refusal> {
    require(acting, &[Role::TownshipOffice])?;
    limit(adopted_at, TEXT_BYTES)?;
    if adopted_at.trim().is_empty() {
        return Err(Refusal::ReasonNeeded);
    }
    rulebook.check().map_err(Refusal::RulebookFaults)?;
    let key = (rulebook.id.clone(), rulebook.version);
    if let Some(adopted) = workspace.rulebooks.get(&key) {
        let same = adopted.agreed().is_some_and(|adoption| adoption.rulebook == *rulebook);
        return Err(if same { Refusal::NothingToChange } else { Refusal::VersionTaken });
    }
    let address = Address { scope: ScopeId::Township, document: DocumentId::Rulebooks };
    let adoption = Adoption { rulebook: rulebook.clone(), adopted_at: adopted_at.to_owned() };
    Ok(vec![Edit::Fact { address, fact: Fact::RulebookAdopted(Box::new(adoption)) }])
}

//! Putting a rulebook version in force (W1).

use super::{Edit, Fact, Refusal, TEXT_BYTES, limit, require};
use crate::domain::command::PointsRefusal;
use crate::domain::rulebook::Rulebook;
use crate::domain::rulebook::lint::{Finding, lint_points};
use crate::domain::rulebook::points::{PointsAdoption, PointsRule};
use crate::domain::{Acting, Adoption, Workspace};
use crate::id::{Address, DocumentId, ScopeId, UnitCode};
use crate::role::Role;
use crate::time::Date;

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

/// Puts a version of the rules of points in force, for the township or for one village.
pub(super) fn adopt_points(
    workspace: &Workspace,
    acting: &Acting,
    village: Option<&UnitCode>,
    rule: &PointsRule,
    from: Date,
    adopted_at: &str,
) -> Result<Vec<Edit>, Refusal> {
    require(acting, if village.is_some() { &[Role::VillageSecretary] } else { &[Role::TownshipOffice] })?;
    if village.is_some_and(|village| !acting.villages.contains(village)) {
        return Err(Refusal::OtherVillage);
    }
    limit(adopted_at, TEXT_BYTES)?;
    if adopted_at.trim().is_empty() {
        return Err(Refusal::ReasonNeeded);
    }
    rule.check().map_err(Refusal::PointsFaults)?;
    let barred: Vec<Finding> = lint_points(rule).into_iter().filter(|finding| finding.lint.blocks()).collect();
    if !barred.is_empty() {
        return Err(PointsRefusal::Linted(barred).into());
    }
    let adopted = match village {
        Some(village) => workspace.villages.get(village).map(|village| &village.points_rules),
        None => Some(&workspace.points_rules),
    };
    let adoption = PointsAdoption { rule: rule.clone(), from, adopted_at: adopted_at.trim().to_owned() };
    if let Some(known) = adopted.and_then(|adopted| adopted.get(&(rule.id.clone(), rule.version))) {
        let same = known.agreed().is_some_and(|known| *known == adoption);
        return Err(if same { Refusal::NothingToChange } else { Refusal::VersionTaken });
    }
    let scope = village.map_or(ScopeId::Township, |village| ScopeId::Village(village.clone()));
    let address = Address { scope, document: DocumentId::Rulebooks };
    Ok(vec![Edit::Fact { address, fact: Fact::PointsRuleAdopted(Box::new(adoption)) }])
}

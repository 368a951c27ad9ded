//! Township, rulebooks and rosters: written by who may, only where something differs, and read back the same.

use shared::domain::command::Command;
use shared::domain::decide::{Edit, Fact, Refusal, decide};
use shared::domain::divergence::{Said, Settled};
use shared::domain::record::{Fields, read_roster, read_township};
use shared::domain::roster_file;
use shared::domain::rulebook::Rulebook;
use shared::domain::township::{Unit, VillageKind};
use shared::domain::{Acting, Workspace};
use shared::id::{DeviceCode, DeviceNumber, PersonId, UnitCode};
use shared::role::Role;

fn acting(role: Role, village: &str) -> Acting {
    Acting {
        device: DeviceNumber(1),
        code: DeviceCode::new("OF1").unwrap(),
        holder: PersonId::new("office").unwrap(),
        name: "office".to_owned(),
        roles: role.into(),
        villages: [UnitCode::new(village).unwrap()].into(),
    }
}

const SHAWAN: &str = "420529202209";

/// Returns the fields that a command writes.
fn written(workspace: &Workspace, acting: &Acting, command: &Command) -> Result<Fields, Refusal> {
    let edits = decide(workspace, acting, command)?;
    let field = |edit: Edit| match edit {
        Edit::Field { key, value, .. } => (key, value),
        other => panic!("{other:?} is no field"),
    };
    Ok(edits.into_iter().map(field).collect())
}

#[test]
fn a_roster_file_twice_changes_nothing() {
    let file = "户号,小组,姓名,出生年,户主,居住,党员,类别,代表\n\
                001,1组,向明清,1950,是,户籍,正式,年老体弱,否\n\
                002,1组,向明清,1951,是,外出,预备,流动,是\n";
    let village = UnitCode::new(SHAWAN).unwrap();
    let import =
        |file: &str| roster_file::read_roster(file.as_bytes(), &village).into_command(village.clone()).unwrap();
    let scribe = acting(Role::Scribe, SHAWAN);
    let mut workspace = Workspace::default();
    let mut fields = written(&workspace, &scribe, &import(file)).unwrap();
    let (roster, notes) = read_roster(&fields);
    assert_eq!((roster.people.len(), roster.households.len(), notes), (2, 2, vec![]));
    workspace.villages.entry(village.clone()).or_default().roster = roster.into();
    assert_eq!(written(&workspace, &scribe, &import(file)), Err(Refusal::NothingToChange));

    let change = written(&workspace, &scribe, &import(&file.replace("外出", "户籍"))).unwrap();
    assert_eq!(change.len(), 1, "only what differs is written: {change:?}");
    fields.extend(change);
    assert_eq!(read_roster(&fields).0.members().count(), 2);

    let elsewhere = written(&workspace, &acting(Role::Scribe, "420529202208"), &import(file));
    assert_eq!(elsewhere, Err(Refusal::OtherVillage));
    assert!(matches!(written(&workspace, &acting(Role::Teller, SHAWAN), &import(file)), Err(Refusal::Role { .. })));
    let Command::ImportRoster { people, .. } = import(file) else { panic!("an import") };
    let homeless = Command::ImportRoster { village: village.clone(), households: Vec::new(), people };
    assert!(matches!(written(&Workspace::default(), &scribe, &homeless), Err(Refusal::NoHousehold(_))));
}

#[test]
fn the_office_names_the_township() {
    let unit = |code: &str, name: &str| Unit {
        code: UnitCode::new(code).unwrap(),
        name: name.to_owned(),
        kind: if code == "420529202001" { VillageKind::Community } else { VillageKind::Village },
        precinct: "集镇片区".to_owned(),
    };
    let office = acting(Role::TownshipOffice, SHAWAN);
    let units = vec![unit("420529202001", "集镇社区"), unit(SHAWAN, "沙湾村")];
    let set = |units: &[Unit]| Command::SetTownship { name: "牛庄乡".to_owned(), units: units.to_vec() };
    let mut workspace = Workspace::default();
    let fields = written(&workspace, &office, &set(&units)).unwrap();
    let (township, notes) = read_township(&fields);
    assert_eq!((township.units.values().cloned().collect::<Vec<_>>(), notes), (units.clone(), vec![]));
    workspace.township = township;
    assert_eq!(written(&workspace, &office, &set(&units)), Err(Refusal::NothingToChange));
    let twice = [units[0].clone(), units[0].clone()];
    assert_eq!(written(&workspace, &office, &set(&twice)), Err(Refusal::UnitTwice(units[0].code.clone())));
    let refused = written(&workspace, &acting(Role::VillageSecretary, SHAWAN), &set(&units));
    assert!(matches!(refused, Err(Refusal::Role { .. })));
}

#[test]
fn a_rulebook_version_is_adopted_once() {
    let office = acting(Role::TownshipOffice, SHAWAN);
    let adopt = |rulebook: &Rulebook| Command::AdoptRulebook {
        rulebook: Box::new(rulebook.clone()),
        adopted_at: "2026年第三次村民代表会议".to_owned(),
    };
    let rulebook = Rulebook::standard_review();
    let mut workspace = Workspace::default();
    let edits = decide(&workspace, &office, &adopt(&rulebook)).unwrap();
    let [Edit::Fact { fact: Fact::RulebookAdopted(adoption), .. }] = &edits[..] else { panic!("{edits:?}") };
    let said = Said { value: (**adoption).clone(), by: Vec::new() };
    workspace.rulebooks.insert((rulebook.id.clone(), rulebook.version), Settled::Agreed(said.clone()));
    assert_eq!(decide(&workspace, &office, &adopt(&rulebook)), Err(Refusal::NothingToChange));
    let mut other = rulebook.clone();
    other.trim_min = 0;
    assert_eq!(decide(&workspace, &office, &adopt(&other)), Err(Refusal::VersionTaken));
    other.groups[0].weight = 61;
    assert!(matches!(decide(&workspace, &office, &adopt(&other)), Err(Refusal::RulebookFaults(_))));
    other.groups[0].weight = 60;
    other.version = 2;
    decide(&workspace, &office, &adopt(&other)).unwrap();
    let newer = shared::domain::Adoption { rulebook: other.clone(), ..said.value };
    let said = Said { value: newer, by: Vec::new() };
    workspace.rulebooks.insert((other.id.clone(), 2), Settled::Agreed(said));
    let in_force: Vec<u32> = workspace.rulebooks_in_force().map(|adoption| adoption.rulebook.version).collect();
    assert_eq!(in_force, [2], "the newest version of each rulebook");
}

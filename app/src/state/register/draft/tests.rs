//! Drafts become wishes or say what is wrong, survive the page, and overwrite nothing unseen.

use shared::domain::command::RegisterCommand;
use shared::domain::register::{Choice, Field, LINE_BYTES, Shape, Value, ValueFault, Words};
use shared::id::UnitCode;
use shared::role::Role;

use super::super::tests::{activity, holder, id, workspace};
use super::{Fault, HostChoice, Part, RecordDraft, hosts, read};

const SHAWAN: &str = "420529202209";

fn field(shape: Shape) -> Field {
    Field { key: "field", name: Words { zh: "栏", en: "field" }, shape, required: false, fixed: false }
}

#[test]
fn reads_each_shape_or_says_what_is_wrong() {
    let workspace = workspace();
    let hosts = [UnitCode::new(SHAWAN).unwrap()].into();
    let read = |shape, text: &str| read(&workspace, &hosts, &field(shape), text);
    const CHOICES: &[Choice] = &[Choice { key: "road", name: Words { zh: "路", en: "Road" } }];
    assert_eq!(read(Shape::Money, "12.5"), Ok(Value::Number(1250)));
    assert_eq!(read(Shape::Money, "12,5"), Err(Fault::Money));
    assert_eq!(read(Shape::Money, "12.505"), Err(Fault::TooFine));
    assert_eq!(read(Shape::Count, "-1"), Err(Fault::Count));
    assert_eq!(read(Shape::Date, "2026-02-30"), Err(Fault::Date));
    assert_eq!(read(Shape::Choice(CHOICES), "road"), Ok(Value::Text("road".to_owned())));
    assert_eq!(read(Shape::Choice(CHOICES), "rail"), Err(Fault::Value(ValueFault::Choice)));
    assert_eq!(read(Shape::Person, "p1"), Ok(Value::Person("p1".parse().unwrap())));
    assert_eq!(read(Shape::Person, "p2"), Err(Fault::NotOnRoster));
    assert_eq!(read(Shape::Household, "h1"), Ok(Value::Household("h1".parse().unwrap())));
    assert_eq!(read(Shape::Unit, SHAWAN), Ok(Value::Unit(UnitCode::new(SHAWAN).unwrap())));
    assert_eq!(read(Shape::Text, "  "), Ok(Value::Nothing));
    let long = "雪".repeat(LINE_BYTES);
    assert_eq!(read(Shape::Line, &long), Err(Fault::Value(ValueFault::TooLong { limit: LINE_BYTES })));
}

#[test]
fn a_new_record_is_asked_for_whole_or_not_at_all() {
    let (workspace, me) = (workspace(), holder(Role::Scribe, &[SHAWAN]));
    let (choice, own) = hosts(&workspace, &me, activity());
    assert_eq!(choice, HostChoice::Given);
    let mut draft = RecordDraft::new(own.clone(), None);
    let parts = |draft: &RecordDraft| match draft.opening(&workspace, &me, activity()) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.into_iter().map(|(part, fault)| (matches!(part, Part::Field(_)), fault)).collect(),
    };
    assert_eq!(parts(&draft), [(false, Fault::Date), (true, Fault::Missing)]);
    draft.date = "2026-03-01".to_owned();
    draft.write(None, &activity().fields[0], " 扫雪 ".to_owned());
    let Ok(RegisterCommand::Open { hosts, values, .. }) = draft.opening(&workspace, &me, activity()) else {
        panic!("{:?}", parts(&draft));
    };
    assert_eq!((hosts, values["task"].clone()), (own, Value::Text("扫雪".to_owned())));
    draft.hosts.clear();
    assert_eq!(parts(&draft), [(false, Fault::NoVillage)]);
}

#[test]
fn only_what_was_touched_is_written() {
    let workspace = workspace();
    let (address, record) = workspace.record(&id("A1-1")).unwrap();
    let [task, place, content] = activity().fields else { panic!("an activity has three fields") };
    let mut draft = RecordDraft::default();
    assert_eq!(draft.writing(&workspace, address, record), Ok(None));
    draft.write(Some(record), place, "祠堂".to_owned());
    draft.write(Some(record), task, "扫".to_owned());
    draft.write(Some(record), task, "扫雪".to_owned());
    assert_eq!(draft.text(Some(record), content), "");
    let Ok(Some(RegisterCommand::Write { values, .. })) = draft.writing(&workspace, address, record) else {
        panic!("nothing to write");
    };
    assert_eq!(values.into_iter().collect::<Vec<_>>(), [("place".to_owned(), Value::Text("祠堂".to_owned()))]);
    draft.write(Some(record), task, " ".to_owned());
    assert_eq!(draft.writing(&workspace, address, record), Err(vec![(Part::Field(task), Fault::Missing)]));
}

#[test]
fn what_another_wrote_meanwhile_is_told() {
    let workspace = workspace();
    let (_, record) = workspace.record(&id("A1-1")).unwrap();
    let place = &activity().fields[1];
    let mut draft = RecordDraft::default();
    draft.write(Some(record), place, "祠堂".to_owned());
    assert_eq!(draft.overtaken(record, place), None);
    draft.touched.get_mut("place").unwrap().before = "学校".to_owned();
    assert_eq!(draft.overtaken(record, place), Some("村委会".to_owned()));
}

#[test]
fn a_kept_draft_reads_back_whatever_was_typed() {
    let mut draft = RecordDraft::new([UnitCode::new(SHAWAN).unwrap()].into(), None);
    for text in ["", "一\n二\t三\\n", "\\", "field\tx", "\r\n"] {
        draft.date = text.to_owned();
        draft.write(None, &activity().fields[2], format!("x{text}"));
        assert_eq!(RecordDraft::from_text(&draft.to_text()), draft, "{text:?}");
    }
    assert_eq!(RecordDraft::from_text("comet\t1\nhost\tnowhere?"), RecordDraft::default());
}

//! A quarter on phones of the office, the lead, an assessor and a secretary, as pages show it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use shared::access::may_read;
use shared::domain::Workspace;
use shared::domain::assessment::{
    Assessment, AssessmentFact, Blocker, CardFact, Cards, Hundredths, Posted, SettingsFault, Stage,
};
use shared::domain::command::{AssessmentCommand, AssessmentRefusal, Command, FlagCommand, Refusal, RegisterCommand};
use shared::domain::decide::{Edit, Fact, decide};
use shared::domain::flag::{Custody, FlagFact};
use shared::domain::meeting::{Author, Recorded};
use shared::domain::register::{Powers, Value};
use shared::domain::rulebook::assessment::{AssessmentRule, Source};
use shared::domain::township::{Unit, VillageKind};
use shared::id::{Address, CriterionId, DeviceCode, DeviceNumber, DocumentId, FactId, PersonId, ScopeId, UnitCode};
use shared::identity::{Holder, PublicKey};
use shared::replica::KnownDevice;
use shared::role::Role;
use shared::time::{Instant, Quarter};

use super::card::{self, CardState, ScoreFault};
use super::draft::{self, Candidate, Missing, QuarterDraft};
use super::notice;
use super::posted::{PostedDraft, PostedFault, PostedKind};
use super::ranking;
use super::{Deed, blockers, deeds, group, is_out_of_time, may_cancel, quarters};
use crate::state::flag::{self, AwardDraft};

/// Whoever holds the phones: what they are called and what they may do.
const PEOPLE: [(&str, &[Role], &[&str]); 5] = [
    ("office", &[Role::TownshipOffice], &[]),
    ("lead", &[Role::AssessmentLead, Role::Assessor], &[]),
    ("one", &[Role::Assessor], &[]),
    ("sec1", &[Role::VillageSecretary], &["1"]),
    ("sec2", &[Role::VillageSecretary], &["2"]),
];

/// Everything that was recorded; everybody has heard of what they may read.
pub(in crate::state) struct Town {
    facts: Vec<(Address, Recorded<Fact>)>,
}

pub(in crate::state) fn quarter() -> Quarter {
    "2026-Q3".parse().unwrap()
}

pub(in crate::state) fn village(code: &str) -> UnitCode {
    UnitCode::new(code).unwrap()
}

fn person(id: &str) -> PersonId {
    PersonId::new(id).unwrap()
}

fn criterion(id: &str) -> CriterionId {
    CriterionId::new(id).unwrap()
}

pub(in crate::state) fn holder(name: &str) -> Holder {
    let place = PEOPLE.iter().position(|(known, ..)| *known == name).unwrap();
    let (_, roles, villages) = PEOPLE[place];
    Holder {
        device: DeviceNumber(place as u32 + 1),
        code: DeviceCode::new(&format!("P{place}")).unwrap(),
        person: person(name),
        name: name.to_owned(),
        roles: roles.iter().copied().collect(),
        villages: villages.iter().map(|code| village(code)).collect(),
        may_enrol: false,
        expires: Instant(u64::MAX),
        key: PublicKey([0; 32]),
        renewal: 0,
    }
}

fn powers(_: &FactId, device: DeviceNumber) -> Option<Powers> {
    let (name, ..) = PEOPLE[device.0 as usize - 1];
    let holder = holder(name);
    Some(Powers { roles: holder.roles, villages: holder.villages })
}

impl Town {
    pub(in crate::state) fn workspace(&self, name: &str) -> Workspace {
        let me = holder(name);
        let mut workspace = Workspace::default();
        for (code, name) in [("1", "甲村"), ("2", "乙村")] {
            let (name, precinct) = (name.to_owned(), "东片".to_owned());
            let unit = Unit { code: village(code), name, kind: VillageKind::Village, precinct };
            workspace.township.units.insert(village(code), unit);
        }
        for (name, ..) in PEOPLE {
            workspace.holders.insert(person(name), format!("{name}同志"));
        }
        let mut assessments: BTreeMap<Quarter, Vec<Recorded<AssessmentFact>>> = BTreeMap::new();
        let mut cards: BTreeMap<(Quarter, PersonId), Vec<Recorded<CardFact>>> = BTreeMap::new();
        let mut flag: Vec<Recorded<FlagFact>> = Vec::new();
        for (address, fact) in self.facts.iter().filter(|(address, _)| may_read(&me, &address.scope)) {
            match (&address.document, &address.scope, &fact.value) {
                (DocumentId::Assessment(quarter), _, Fact::Assessment(value)) => {
                    assessments.entry(*quarter).or_default().push(recorded(fact, (**value).clone()));
                }
                (DocumentId::Cards(quarter), ScopeId::Assessor(person), Fact::Card(value)) => {
                    let key = (*quarter, person.clone());
                    cards.entry(key).or_default().push(recorded(fact, value.clone()));
                }
                (DocumentId::Flag, _, Fact::Flag(value)) => flag.push(recorded(fact, (**value).clone())),
                other => panic!("{other:?} is no fact of a quarter"),
            }
        }
        for (quarter, facts) in assessments {
            workspace.assessments.insert(quarter, Arc::new(Assessment::fold(quarter, facts, &powers)));
        }
        for ((quarter, person), facts) in cards {
            let folded = Arc::new(Cards::fold(&person, facts, &powers));
            workspace.cards.entry(quarter).or_default().insert(person, folded);
        }
        workspace.flag = Arc::new(Custody::fold(flag, &powers, &workspace.assessments));
        workspace
    }

    fn assessment(&self, name: &str) -> Arc<Assessment> {
        self.workspace(name).assessments[&quarter()].clone()
    }

    pub(in crate::state) fn asks(&mut self, name: &str, command: Command) -> Result<(), Refusal> {
        let me = holder(name);
        for edit in decide(&self.workspace(name), &super::acting(&me), &command)? {
            let Edit::Fact { address, fact } = edit else { panic!("a quarter is made of facts") };
            let counter = self.facts.len() as u32 + 1;
            let id = FactId { device: me.code.clone(), counter };
            let author = Author { device: me.device, holder: Some(me.person.clone()) };
            self.facts.push((address, Recorded { id, author, at: Instant(u64::from(counter)), value: fact }));
        }
        Ok(())
    }

    #[track_caller]
    pub(in crate::state) fn does(&mut self, name: &str, command: AssessmentCommand) {
        self.asks(name, Command::Assessment(quarter(), command)).unwrap();
    }

    /// Opened by the office: villages 1 and 2, assessed by the lead and by one; the office's figure is one's to give.
    fn opened() -> Self {
        let mut town = Self { facts: Vec::new() };
        let settings = drafted(&town).settings(&town.workspace("office"), &rules(), &candidates()).unwrap();
        town.does("office", AssessmentCommand::Open(Box::new(settings)));
        town.does("office", Deed::Begin.command(""));
        town
    }

    /// Everybody has scored: village 1 is ahead unless it is told otherwise.
    pub(in crate::state) fn scored(first: &str, second: &str) -> Self {
        let mut town = Self::opened();
        for name in ["lead", "one"] {
            for (code, order) in [("1", first), ("2", second)] {
                let card = view(&town, name, code);
                let typed = typed(&card, order);
                assert!(card.faults(&typed).is_empty());
                for wish in card.wishes(&village(code), &typed) {
                    town.does(name, wish);
                }
            }
        }
        town
    }

    /// Frozen by the lead and one, posted and confirmed by the office.
    pub(in crate::state) fn confirmed(first: &str, second: &str) -> Self {
        let mut town = Self::scored(first, second);
        for (name, deed) in [
            ("lead", Deed::EndScoring),
            ("lead", Deed::Propose),
            ("one", Deed::Sign),
            ("office", Deed::Post),
            ("office", Deed::Confirm),
        ] {
            town.does(name, deed.command(""));
        }
        town
    }
}

fn recorded<T>(fact: &Recorded<Fact>, value: T) -> Recorded<T> {
    Recorded { id: fact.id.clone(), author: fact.author.clone(), at: fact.at, value }
}

fn candidates() -> Vec<Candidate> {
    let candidate = |name: &str, leads| Candidate { person: person(name), name: name.to_owned(), leads, scores: true };
    vec![candidate("lead", true), candidate("one", false)]
}

fn rules() -> Vec<AssessmentRule> {
    draft::rules(&Workspace::default())
}

fn drafted(town: &Town) -> QuarterDraft {
    let mut draft = QuarterDraft::new(&town.workspace("office"), &candidates(), Some(quarter()), "第三季度".to_owned());
    draft.sources.insert(criterion("economy"), Source::Office);
    draft.responsible.insert(criterion("economy"), person("one"));
    draft
}

fn view(town: &Town, name: &str, code: &str) -> card::CardView {
    card::card(&town.workspace(name), &holder(name), &town.assessment(name), &village(code)).unwrap()
}

/// Ten points on everything but the first criterion of the card.
fn typed(card: &card::CardView, first: &str) -> BTreeMap<CriterionId, String> {
    let text = |place: usize| if place == 0 { first } else { "10" }.to_owned();
    card.lines.iter().enumerate().map(|(place, line)| (line.criterion.clone(), text(place))).collect()
}

#[test]
fn a_draft_offers_everybody_and_says_what_is_missing() {
    let town = Town { facts: Vec::new() };
    let (workspace, rules) = (town.workspace("office"), rules());
    let missing = |draft: &QuarterDraft| draft.settings(&workspace, &rules, &candidates()).unwrap_err();
    let settings = drafted(&town).settings(&workspace, &rules, &candidates()).unwrap();
    assert_eq!((settings.villages.len(), settings.assessors.len(), settings.lead), (2, 2, person("lead")));
    assert!(!settings.assessors[0].criteria.contains(&criterion("economy")), "the office's figure is one's alone");
    let empty = QuarterDraft { quarter: None, title: " ".to_owned(), lead: None, ..drafted(&town) };
    assert_eq!(missing(&empty), [Missing::Quarter, Missing::Title, Missing::Lead]);
    let alone =
        QuarterDraft { assessors: BTreeSet::from([person("lead")]), sources: BTreeMap::new(), ..drafted(&town) };
    assert_eq!(missing(&alone), [Missing::OneAssessor]);
    let nobody = QuarterDraft { responsible: BTreeMap::new(), ..drafted(&town) };
    assert_eq!(missing(&nobody), [Missing::Responsible("集体经济".to_owned())]);
    let mut no_cards = drafted(&town);
    for rule in &rules[0].criteria {
        no_cards.sources.insert(rule.id.clone(), Source::Rank);
    }
    assert_eq!(missing(&no_cards), [Missing::Fault(SettingsFault::Rule)]);
}

#[test]
fn an_advisor_on_the_group_is_recused_from_the_own_village() {
    let town = Town { facts: Vec::new() };
    let mut workspace = town.workspace("office");
    workspace.advisors.insert(person("lead"), BTreeSet::from([village("2")]));
    let settings = drafted(&town).settings(&workspace, &rules(), &candidates()).unwrap();
    assert_eq!(settings.assessors[0].recused, BTreeSet::from([village("2")]));
}

#[test]
fn a_quarter_that_was_opened_is_taken_up_again_as_it_is() {
    let town = Town::opened();
    let (workspace, assessment) = (town.workspace("office"), town.assessment("office"));
    let draft = QuarterDraft::of(&workspace, &assessment).unwrap();
    let rules = draft::rules(&workspace);
    assert_eq!(rules.len(), 2, "the quarter's own and the built-in one");
    let again = draft.settings(&workspace, &rules, &candidates()).unwrap();
    assert_eq!(Some(&again), assessment.settings.as_ref());
    assert!(draft::open_quarters(&workspace, "2026-09-30".parse().ok()).iter().all(|open| *open != quarter()));
}

#[test]
fn whoever_scores_or_leads_can_be_on_the_group_unless_revoked() {
    let device = |name: &str, role: Role, revoked: bool| KnownDevice {
        device: DeviceNumber(1),
        code: DeviceCode::new("A1").unwrap(),
        person: person(name),
        name: name.to_owned(),
        roles: role.into(),
        villages: BTreeSet::new(),
        may_enrol: false,
        is_silent: false,
        revoked: revoked.then_some(shared::replica::RevokedDevice {
            at: Instant(0),
            reason: shared::identity::Reason::Lost,
            is_at_township: true,
        }),
        may_revoke: false,
    };
    let devices = [
        device("b", Role::AssessmentLead, false),
        device("b", Role::Assessor, false),
        device("a", Role::Assessor, false),
        device("c", Role::Assessor, true),
        device("d", Role::Scribe, false),
    ];
    let found: Vec<_> = draft::candidates(&devices).into_iter().map(|one| (one.name, one.leads, one.scores)).collect();
    assert_eq!(found, [("a".to_owned(), false, true), ("b".to_owned(), true, true)]);
}

#[test]
fn points_are_read_as_people_type_them() {
    let read = |text: &str| card::read(text, 30).map(|points| points.map(|points| points.0));
    assert_eq!([read(""), read(" "), read("０"), read("17.5")], [Ok(None), Ok(None), Ok(Some(0)), Ok(Some(1750))]);
    assert_eq!([read("１７。２５"), read("30"), read("30.0")], [Ok(Some(1725)), Ok(Some(3000)), Ok(Some(3000))]);
    assert_eq!([read("17.125"), read("-1")], [Err(ScoreFault::TooFine), Err(ScoreFault::Shape)]);
    assert_eq!([read("30.01"), read("9999999999")], [Err(ScoreFault::Above(30)); 2]);
    assert_eq!([read("十"), read("1,5")], [Err(ScoreFault::Shape); 2]);
}

#[test]
fn a_card_writes_what_differs_and_is_finished_once_it_is_whole() {
    let mut town = Town::opened();
    let card = view(&town, "lead", "1");
    assert_eq!((card.lines.len(), card.may.clone(), card.next.clone()), (3, Ok(()), Some(village("2"))));
    let some = BTreeMap::from([(card.lines[0].criterion.clone(), "17.5".to_owned())]);
    let wishes = card.wishes(&village("1"), &some);
    assert_eq!(wishes.len(), 1, "part of a card is saved and is not finished");
    wishes.into_iter().for_each(|wish| town.does("lead", wish));
    let state = |town: &Town| card::rows(&town.workspace("lead"), &person("lead"), &town.assessment("lead")).unwrap();
    assert_eq!(state(&town)[0].state, CardState::Given(1, 3));
    let card = view(&town, "lead", "1");
    assert_eq!(card.text(&BTreeMap::new(), &card.lines[0]), "17.5");
    assert_eq!(card.wishes(&village("1"), &some), [], "what was given once is not written again");
    let wishes = card.wishes(&village("1"), &typed(&card, "17.5"));
    assert_eq!(wishes.len(), 2);
    wishes.into_iter().for_each(|wish| town.does("lead", wish));
    assert_eq!(state(&town)[0].state, CardState::Done);
    assert_eq!(view(&town, "one", "1").lines.len(), 4, "who answers for the office's figure has it on the card");
    assert!(card::rows(&town.workspace("office"), &person("office"), &town.assessment("office")).is_none());
}

#[test]
fn what_was_typed_outlives_a_reload() {
    let typed = BTreeMap::from([(criterion("economy"), "17.".to_owned()), (criterion("service"), "1\t2\n".to_owned())]);
    let read = card::from_text(&card::to_text(&typed));
    assert_eq!(read[&criterion("economy")], "17.");
    assert_eq!(read[&criterion("service")], "1 2 ");
}

#[test]
fn whoever_may_not_act_hears_why() {
    let town = Town::opened();
    let said = |name: &str| {
        let deeds = deeds(&town.workspace(name), &holder(name), &town.assessment(name));
        deeds.into_iter().map(|view| (view.deed, view.may)).collect::<Vec<_>>()
    };
    assert_eq!(said("lead"), [(Deed::EndScoring, Ok(()))]);
    assert_eq!(said("office"), [(Deed::EndScoring, Err(Refusal::Role { needs: Stage::Scored.roles() }))]);
    let cancel = |name: &str| may_cancel(&town.workspace(name), &holder(name), &town.assessment(name)).unwrap().may;
    assert_eq!(cancel("office"), Ok(()));
    assert!(matches!(cancel("one"), Err(Refusal::Role { .. })));
    let card = card::card(&town.workspace("one"), &holder("one"), &town.assessment("one"), &village("1")).unwrap();
    assert!(matches!(card.may_mark, Err(Refusal::Role { .. })), "an absence is the lead's to say");
    let row = &group(&town.workspace("one"), &holder("one"), &town.assessment("one"))[0];
    assert_eq!((row.leads, row.whole), (true, None), "nobody but the lead sees how far others are");
    assert!(is_out_of_time(&Refusal::Assessment(AssessmentRefusal::Stage { is: Stage::Open })));
}

#[test]
fn the_lead_sees_what_is_missing_once_scoring_has_ended() {
    let mut town = Town::opened();
    let stands = |town: &Town, name: &str| blockers(&town.workspace(name), &holder(name), &town.assessment(name));
    assert_eq!(stands(&town, "lead"), []);
    town.does("lead", Deed::EndScoring.command(""));
    let missing = |one: &Blocker| matches!(one, Blocker::Missing { .. });
    let seen = stands(&town, "lead");
    assert!(seen.len() == 6 && seen.iter().all(missing), "a card and the office's figure for each village: {seen:?}");
    assert_eq!(stands(&town, "one"), []);
    assert_eq!(quarters(&town.workspace("one"))[0].stage, Stage::Scored);
}

#[test]
fn every_number_opens_what_it_is_made_of() {
    let mut town = Town::scored("20", "15.5");
    let draft = PostedDraft {
        village: Some(1),
        kind: PostedKind::Bonus,
        points: "7".to_owned(),
        reason: "市级表彰".to_owned(),
    };
    let villages = [village("1"), village("2")];
    town.does("office", draft.wish(&villages).unwrap());
    for (name, deed) in [("lead", Deed::EndScoring), ("lead", Deed::Propose), ("one", Deed::Sign)] {
        town.does(name, deed.command(""));
    }
    let assessment = town.assessment("sec1");
    let rows = ranking::rows(&assessment).unwrap();
    let drawn: Vec<_> =
        rows.iter().map(|row| (row.name.as_str(), row.rank, row.published.unwrap().to_string())).collect();
    assert_eq!(drawn, [("乙村", Some(1), "50.50".to_owned()), ("甲村", Some(2), "50.00".to_owned())]);
    let sum = ranking::sum(&town.workspace("sec1"), &holder("sec1"), &assessment, &village("2")).unwrap();
    let totals: Vec<_> = sum.cards.iter().map(|card| card.total.unwrap().to_string()).collect();
    assert_eq!(totals, ["71/2", "71/2"]);
    assert_eq!(sum.cards[0].given[1], None, "the office's figure is on one card alone");
    assert_eq!(sum.cards[1].given[1], Some(Hundredths(1000)));
    assert_eq!((sum.standing.beside.to_string(), sum.standing.bonus.counted.to_string()), ("10".into(), "5".into()));
    assert_eq!((sum.posted.len(), sum.posted[0].by.as_deref()), (1, Some("office同志")));
    let (_, by, signed) = sum.frozen.unwrap();
    assert_eq!((by.as_str(), signed), ("lead", vec!["one".to_owned()]));
}

#[test]
fn an_adjustment_says_what_is_missing() {
    let villages = [village("1")];
    let empty = PostedDraft::default();
    let all = [PostedFault::Village, PostedFault::Points(ScoreFault::Shape), PostedFault::Reason];
    assert_eq!(empty.wish(&villages), Err(all.to_vec()));
    let veto = PostedDraft { village: Some(0), kind: PostedKind::Veto, reason: "事故".to_owned(), ..empty };
    let expected =
        AssessmentCommand::Adjust { village: village("1"), posted: Posted::Veto, reason: "事故".to_owned() };
    assert_eq!(veto.wish(&villages), Ok(expected));
}

#[test]
fn a_tie_is_shown_until_the_lead_has_decided() {
    let mut town = Town::scored("20", "20");
    for (name, deed) in [("lead", Deed::EndScoring), ("lead", Deed::Propose), ("one", Deed::Sign)] {
        town.does(name, deed.command(""));
    }
    let ties = |town: &Town, name: &str| ranking::ties(&town.workspace(name), &holder(name), &town.assessment(name));
    let seen = ties(&town, "office");
    assert!(seen.len() == 1 && seen[0].decided.is_none() && matches!(seen[0].may, Err(Refusal::Role { .. })));
    let villages = vec![village("2"), village("1")];
    town.does("lead", AssessmentCommand::DecideTie { villages, shared: false, reason: "进步更大".to_owned() });
    let seen = ties(&town, "office").remove(0);
    assert_eq!(seen.decided, Some((vec!["乙村".to_owned(), "甲村".to_owned()], false, "进步更大".to_owned())));
}

#[test]
fn the_flag_shows_who_may_sign_and_every_hand() {
    let mut town = Town::confirmed("20", "15");
    let view = |town: &Town, name: &str| flag::view(&town.workspace(name), &holder(name), "2026-10-12".parse().ok());
    let grounds = view(&town, "office").grounds.unwrap();
    assert_eq!((grounds.first.len(), grounds.needs_reason, grounds.may.clone()), (1, false, Ok(())));
    assert!(matches!(view(&town, "sec1").grounds.unwrap().may, Err(Refusal::Role { .. })));
    town.asks("office", Command::Flag(AwardDraft::default().wish(&grounds).unwrap())).unwrap();
    let receivers = view(&town, "office").receivers;
    assert_eq!((receivers.len(), receivers[0].may.clone()), (1, Ok(())));
    assert_eq!(view(&town, "sec2").receivers[0].may, Err(Refusal::OtherVillage));
    let hand =
        FlagCommand::HandOver { to: Some(village("1")), date: "2026-10-12".parse().unwrap(), reason: String::new() };
    town.asks("office", Command::Flag(hand)).unwrap();
    let seen = view(&town, "sec1");
    assert_eq!((seen.held.len(), seen.waiting.len(), seen.waiting[0].may_sign.clone()), (0, 1, Ok(())));
    assert_eq!(view(&town, "office").waiting[0].may_sign, Err(Refusal::SamePerson));
    assert_eq!(view(&town, "office").receivers, [], "what one side signed is not signed again");
    let waiting = seen.waiting[0].id.clone();
    town.asks("sec1", Command::Flag(FlagCommand::Countersign(waiting))).unwrap();
    let seen = view(&town, "sec2");
    assert_eq!(seen.held[0].side.as_deref(), Some("甲村"));
    assert_eq!(seen.history[0].second.as_ref().unwrap().name.as_deref(), Some("sec1同志"));
    town.does(
        "office",
        AssessmentCommand::Adjust { village: village("1"), posted: Posted::Veto, reason: "事后查实".to_owned() },
    );
    let seen = view(&town, "sec1");
    assert!(seen.awards[0].overturned && seen.grounds.is_none());
    assert_eq!(seen.receivers.iter().map(|one| one.to.clone()).collect::<Vec<_>>(), [None], "back to the office alone");
}

#[test]
fn a_notice_names_the_result_and_the_days_that_it_stands() {
    let town = Town::confirmed("20", "15");
    let assessment = town.assessment("office");
    let posted = |today: &str| notice::posted(&assessment, today.parse().ok()).unwrap();
    // The clocks of these phones began in 1970; new year's day does not count, since it was posted on it.
    assert_eq!(posted("1970-01-06").until.to_string(), "1970-01-06");
    assert_eq!([posted("1970-01-06").is_over, posted("1970-01-07").is_over], [false, true]);
    let day = "2026-10-01".parse().unwrap();
    let RegisterCommand::Open { kind, values, .. } = notice::drawn_up(&assessment, day, "结果公示".to_owned()).unwrap()
    else {
        panic!("a notice is opened")
    };
    assert_eq!(kind.key, "township-notice");
    assert_eq!(values["about"], Value::Text("2026-Q3".to_owned()));
    assert_eq!(values["digest"], Value::Text(ranking::digest(&assessment).unwrap()));
    assert_eq!(notice::notices(&town.workspace("office"), &assessment), []);
    assert!(notice::posted(&Town::scored("1", "2").assessment("office"), None).is_none());
}

#[test]
fn villages_that_share_the_first_rank_take_turns_with_a_reason() {
    let mut town = Town::scored("20", "20");
    for (name, deed) in [("lead", Deed::EndScoring), ("lead", Deed::Propose), ("one", Deed::Sign)] {
        town.does(name, deed.command(""));
    }
    let villages = vec![village("1"), village("2")];
    town.does("lead", AssessmentCommand::DecideTie { villages, shared: true, reason: "并列".to_owned() });
    town.does("office", Deed::Post.command(""));
    town.does("office", Deed::Confirm.command(""));
    let view = |town: &Town, day: &str| flag::view(&town.workspace("sec1"), &holder("sec1"), day.parse().ok());
    let grounds = view(&town, "2026-10-12").grounds.unwrap();
    assert!(grounds.needs_reason);
    let turns = AwardDraft { choice: 2, weeks: "两周".to_owned(), reason: "轮流".to_owned() };
    assert_eq!(turns.wish(&grounds), None, "a number of weeks is needed");
    let turns = AwardDraft { weeks: "1".to_owned(), ..turns };
    town.asks("office", Command::Flag(turns.wish(&grounds).unwrap())).unwrap();
    assert_eq!(view(&town, "2026-10-12").turn.as_deref(), Some("甲村"));
}

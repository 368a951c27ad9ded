//! A quarter as it is being opened: by which rulebook, which villages, who assesses them, who answers for what.

use std::collections::{BTreeMap, BTreeSet};

use shared::domain::Workspace;
use shared::domain::assessment::{
    AssessedVillage, Assessment, AssessmentSettings, AssessorSetting, SettingsFault, Stage,
};
use shared::domain::rulebook::assessment::{AssessmentRule, Source};
use shared::id::{CriterionId, PersonId, UnitCode};
use shared::replica::KnownDevice;
use shared::role::Role;
use shared::time::{Date, Quarter};

/// How many quarters back from today's can be opened: a year late is as late as papers are kept at hand.
const QUARTERS_BACK: usize = 4;

/// Somebody who can be on the assessment group, as the certificates of their devices say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub person: PersonId,
    /// The name.
    pub name: String,
    /// Whether they may lead.
    pub leads: bool,
    /// Whether they may score.
    pub scores: bool,
}

/// What the person has filled in so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuarterDraft {
    /// Which quarter.
    pub quarter: Option<Quarter>,
    /// What it calls itself.
    pub title: String,
    /// The place of the rulebook among those offered.
    pub rule: usize,
    /// The villages that are assessed.
    pub villages: BTreeSet<UnitCode>,
    /// Who fills cards.
    pub assessors: BTreeSet<PersonId>,
    /// Who leads.
    pub lead: Option<PersonId>,
    /// How scores of a criterion come about, where not as the rulebook has it.
    pub sources: BTreeMap<CriterionId, Source>,
    /// Who answers for a responsible office's value.
    pub responsible: BTreeMap<CriterionId, PersonId>,
}

/// What keeps a draft from becoming a quarter, in the order of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// No quarter.
    Quarter,
    /// No title.
    Title,
    /// No rulebook.
    Rule,
    /// No village.
    Villages,
    /// Nobody who responds for this office's value.
    Responsible(String),
    /// Nobody who fills cards.
    Assessors,
    /// One alone cannot freeze: the lead and one other sign.
    OneAssessor,
    /// No lead.
    Lead,
    /// Anything else that is wrong with the settings.
    Fault(SettingsFault),
}

/// Returns the rulebooks that are offered: those of earlier quarters, the latest first, then the built-in one.
pub fn rules(workspace: &Workspace) -> Vec<AssessmentRule> {
    let mut rules: Vec<AssessmentRule> = Vec::new();
    let used = workspace.assessments.values().rev().filter_map(|assessment| assessment.settings.as_ref());
    for rule in used.map(|settings| settings.rule.clone()).chain([AssessmentRule::standard()]) {
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules
}

/// Returns whom the certificates let score or lead, by name; a revoked device lets nobody.
pub fn candidates(devices: &[KnownDevice]) -> Vec<Candidate> {
    let mut people: BTreeMap<PersonId, Candidate> = BTreeMap::new();
    for device in devices.iter().filter(|device| device.revoked.is_none()) {
        let (leads, scores) = (device.roles.contains(Role::AssessmentLead), device.roles.contains(Role::Assessor));
        if leads || scores {
            let fresh =
                || Candidate { person: device.person.clone(), name: device.name.clone(), leads: false, scores: false };
            let known = people.entry(device.person.clone()).or_insert_with(fresh);
            (known.leads, known.scores) = (known.leads || leads, known.scores || scores);
        }
    }
    let mut people: Vec<Candidate> = people.into_values().collect();
    people.sort_by(|a, b| (&a.name, &a.person).cmp(&(&b.name, &b.person)));
    people
}

/// Returns the quarters that can be opened: today's and those before it that nobody has opened.
pub fn open_quarters(workspace: &Workspace, today: Option<Date>) -> Vec<Quarter> {
    let this = today.map(Date::quarter);
    let back = std::iter::successors(this, |quarter| quarter.before()).take(QUARTERS_BACK + 1);
    back.filter(|quarter| !workspace.assessments.contains_key(quarter)).collect()
}

/// Tells which part of a quarter that was opened can still be corrected.
pub fn can_correct(assessment: &Assessment) -> bool {
    matches!(assessment.stage, Stage::Planned | Stage::Open | Stage::Scored) && !assessment.opened.is_divergence()
}

impl QuarterDraft {
    /// Starts a draft: every village, everybody who may score, and the only one who may lead.
    pub fn new(workspace: &Workspace, candidates: &[Candidate], quarter: Option<Quarter>, title: String) -> Self {
        let mut leads = candidates.iter().filter(|candidate| candidate.leads);
        let lead = leads.next().filter(|_| leads.next().is_none());
        Self {
            quarter,
            title,
            rule: 0,
            villages: workspace.township.units.keys().cloned().collect(),
            assessors: candidates.iter().filter(|one| one.scores).map(|one| one.person.clone()).collect(),
            lead: lead.map(|lead| lead.person.clone()),
            sources: BTreeMap::new(),
            responsible: BTreeMap::new(),
        }
    }

    /// Takes up the settings of a quarter that was opened, to correct them.
    pub fn of(workspace: &Workspace, assessment: &Assessment) -> Option<Self> {
        let settings = assessment.settings.as_ref()?;
        let rule = rules(workspace).iter().position(|rule| *rule == settings.rule).unwrap_or(0);
        let cards = settings.assessors.iter().filter(|assessor| settings.has_card(assessor));
        let first = settings.villages.first().map(|village| &village.code);
        let answers = |id: &CriterionId| Some((id.clone(), settings.responsible(first?, id)?.person.clone()));
        Some(Self {
            quarter: Some(assessment.quarter),
            title: settings.title.clone(),
            rule,
            villages: settings.villages.iter().map(|village| village.code.clone()).collect(),
            assessors: cards.map(|assessor| assessor.person.clone()).collect(),
            lead: Some(settings.lead.clone()),
            sources: BTreeMap::new(),
            responsible: settings.rule.of(Source::Office).filter_map(|criterion| answers(&criterion.id)).collect(),
        })
    }

    /// Returns how the scores of a criterion come about.
    pub fn source(&self, rule: &AssessmentRule, criterion: &CriterionId) -> Source {
        self.sources.get(criterion).copied().unwrap_or_else(|| rule.source(criterion))
    }

    /// Returns the rulebook as it will be copied into the quarter.
    pub fn rule(&self, rules: &[AssessmentRule]) -> Option<AssessmentRule> {
        let mut rule = rules.get(self.rule)?.clone();
        for criterion in &rules.get(self.rule)?.criteria {
            match self.source(&rule, &criterion.id) {
                Source::Assessors => _ = rule.sources.remove(&criterion.id),
                other => _ = rule.sources.insert(criterion.id.clone(), other),
            }
        }
        Some(rule)
    }

    /// Returns the settings, or everything that is missing.
    pub fn settings(
        &self,
        workspace: &Workspace,
        rules: &[AssessmentRule],
        candidates: &[Candidate],
    ) -> Result<AssessmentSettings, Vec<Missing>> {
        let mut missing = Vec::new();
        let mut note = |wrong: bool, what: Missing| {
            if wrong {
                missing.push(what);
            }
        };
        note(self.quarter.is_none(), Missing::Quarter);
        note(self.title.trim().is_empty(), Missing::Title);
        let rule = self.rule(rules);
        note(rule.is_none(), Missing::Rule);
        note(self.villages.is_empty(), Missing::Villages);
        for criterion in rule.iter().flat_map(|rule| rule.of(Source::Office)) {
            note(!self.responsible.contains_key(&criterion.id), Missing::Responsible(criterion.name.clone()));
        }
        note(self.assessors.is_empty(), Missing::Assessors);
        let office = rule.iter().flat_map(|rule| rule.of(Source::Office));
        let answer = office.filter_map(|criterion| self.responsible.get(&criterion.id));
        let others = self.assessors.iter().chain(answer).filter(|person| self.lead.as_ref() != Some(person)).count();
        note(!self.assessors.is_empty() && others == 0, Missing::OneAssessor);
        note(self.lead.is_none(), Missing::Lead);
        let (Some(rule), Some(lead), true) = (rule, self.lead.clone(), missing.is_empty()) else {
            return Err(missing);
        };
        let settings = AssessmentSettings {
            title: self.title.trim().to_owned(),
            assessors: self.assessors(workspace, &rule, candidates),
            villages: self.assessed(workspace),
            rule,
            lead,
        };
        settings.check().map_err(|fault| vec![Missing::Fault(fault)])?;
        Ok(settings)
    }

    /// Copies the villages: a quarter that was opened keeps the grouping that it was opened with (E45).
    fn assessed(&self, workspace: &Workspace) -> Vec<AssessedVillage> {
        let opened = self.quarter.and_then(|quarter| workspace.assessments.get(&quarter));
        let opened = opened.filter(|assessment| assessment.stage != Stage::Planned);
        let kept = opened.and_then(|assessment| assessment.settings.as_ref()).map(|settings| &settings.villages);
        let villages = kept.cloned().unwrap_or_else(|| AssessmentSettings::villages_of(&workspace.township));
        villages.into_iter().filter(|village| self.villages.contains(&village.code)).collect()
    }

    /// Returns the lines of the group: who fills cards has every village but those that they advise.
    fn assessors(
        &self,
        workspace: &Workspace,
        rule: &AssessmentRule,
        candidates: &[Candidate],
    ) -> Vec<AssessorSetting> {
        let carded: BTreeSet<CriterionId> = rule
            .criteria
            .iter()
            .map(|criterion| criterion.id.clone())
            .filter(|id| rule.source(id) != Source::Office)
            .collect();
        let named = candidates.iter().filter_map(|candidate| {
            let mut criteria = BTreeSet::new();
            if self.assessors.contains(&candidate.person) {
                criteria.extend(carded.iter().cloned());
            }
            let answers = |id: &&CriterionId| self.responsible.get(*id) == Some(&candidate.person);
            let office = rule.of(Source::Office).map(|criterion| &criterion.id).filter(answers);
            criteria.extend(office.cloned());
            let advises = workspace.advisors.get(&candidate.person).filter(|_| rule.recuse);
            (!criteria.is_empty()).then(|| AssessorSetting {
                person: candidate.person.clone(),
                name: candidate.name.clone(),
                villages: self.villages.clone(),
                criteria,
                recused: advises.into_iter().flatten().filter(|code| self.villages.contains(code)).cloned().collect(),
            })
        });
        named.collect()
    }
}

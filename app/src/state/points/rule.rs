//! The rule of points as a draft: written or taken over, looked through, every warning answered, then adopted by a vote.

use std::collections::BTreeMap;

use shared::domain::Workspace;
use shared::domain::divergence::Settled;
use shared::domain::rulebook::lint::{Finding, Place, lint_points};
use shared::domain::rulebook::points::{Category, PointItem, PointsAdoption, PointsFault, PointsRule};
use shared::id::{CategoryId, ItemId, RulebookId, UnitCode};
use shared::time::Date;

use super::rules;

/// What the versions of a rule that was written here share.
const ID: &str = "points";

/// One version that was adopted, or several wordings of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    /// The version.
    pub version: u32,
    /// Whether it is the village's own and not the township's.
    pub is_own: bool,
    /// It, where everybody says the same.
    pub adoption: Option<PointsAdoption>,
}

/// Returns every version that the village knows, the latest first.
pub fn versions(workspace: &Workspace, village: &UnitCode) -> Vec<VersionRow> {
    let of = rules(workspace, village);
    let row = |is_own| {
        move |((_, version), settled): (&(RulebookId, u32), &Settled<PointsAdoption>)| VersionRow {
            version: *version,
            is_own,
            adoption: settled.agreed().cloned(),
        }
    };
    let mut rows: Vec<VersionRow> =
        of.township.iter().map(row(false)).chain(of.village.iter().map(row(true))).collect();
    rows.sort_by_key(|row| std::cmp::Reverse((row.is_own, row.adoption.as_ref().map(|a| a.from), row.version)));
    rows
}

/// A rule as far as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleDraft {
    /// What people call it.
    pub title: String,
    /// The version that it would be.
    pub version: u32,
    /// What all versions share.
    pub id: Option<RulebookId>,
    /// The honour points with which an account starts.
    pub base: String,
    /// The most that an account gains in a month; empty for no cap.
    pub gain: String,
    /// The most that it loses.
    pub loss: String,
    /// Whether points are exchanged for goods.
    pub redemption: bool,
    /// What items are grouped by.
    pub categories: Vec<CategoryDraft>,
    /// What earns and what costs.
    pub items: Vec<ItemDraft>,
    /// The first day on which it holds.
    pub from: String,
    /// The meeting.
    pub meeting: String,
    /// How many representatives there are.
    pub due: String,
    /// How many came.
    pub present: String,
    /// How many voted for it.
    pub yes: String,
    /// What was answered to each warning.
    pub answers: BTreeMap<Finding, String>,
}

/// A category as far as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CategoryDraft {
    /// Its identifier, where it had one.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// The most that it counts in a month; empty for no cap.
    pub per_month: String,
}

/// An item as far as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemDraft {
    /// Its identifier, where it had one.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// What it gives; with a minus what it costs.
    pub points: String,
    /// The place of its category.
    pub category: usize,
    /// The most that it counts in a day; empty for no cap.
    pub per_day: String,
    /// The most that it counts in a month.
    pub per_month: String,
    /// How the fact is shown.
    pub evidence: String,
}

/// What keeps a draft from being adopted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleFault {
    /// It has no title.
    Title,
    /// The first day is none.
    From,
    /// A number is none, or no cap; the place of the item, or nothing for the rule as a whole.
    Number(Option<usize>),
    /// An item has no name.
    Name(usize),
    /// The rule cannot be used.
    Rule(PointsFault),
    /// Something in it may not be scored at all.
    Blocked,
    /// A warning has no answer.
    Unanswered,
    /// Nothing says which meeting it was.
    Meeting,
    /// The numbers of the vote are none, or more came than there are, or more voted than came.
    Vote,
    /// Fewer than two thirds of the representatives came.
    Quorum,
    /// Not more than half of those who came voted for it.
    Majority,
}

impl RuleDraft {
    /// Takes over a rule as the next version.
    pub fn of(rule: &PointsRule, version: u32, from: Option<Date>) -> Self {
        let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let category = |category: &Category| CategoryDraft {
            id: category.id.to_string(),
            name: category.name.clone(),
            per_month: number(category.per_month),
        };
        let item = |item: &PointItem| ItemDraft {
            id: item.id.to_string(),
            name: item.name.clone(),
            points: item.points.to_string(),
            category: rule.categories.iter().position(|category| category.id == item.category).unwrap_or_default(),
            per_day: number(item.per_day),
            per_month: number(item.per_month),
            evidence: item.evidence.clone(),
        };
        Self {
            title: rule.title.clone(),
            version,
            id: Some(rule.id.clone()),
            base: rule.base.to_string(),
            gain: number(rule.gain_per_month),
            loss: number(rule.loss_per_month),
            redemption: rule.redemption,
            categories: rule.categories.iter().map(category).collect(),
            items: rule.items.iter().map(item).collect(),
            from: from.map(|from| from.to_string()).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Returns the rule that it stands for, or everything that is wrong with how it is written.
    pub fn rule(&self) -> Result<PointsRule, Vec<RuleFault>> {
        let mut faults = Vec::new();
        let mut cap = |text: &str, place| match text.trim() {
            "" => None,
            text => text.parse::<u32>().map_err(|_| faults.push(RuleFault::Number(place))).ok(),
        };
        let (gain, loss) = (cap(&self.gain, None), cap(&self.loss, None));
        let base = cap(&self.base, None).unwrap_or_default();
        let categories: Vec<Category> = self
            .categories
            .iter()
            .enumerate()
            .filter_map(|(place, draft)| {
                let id = CategoryId::new(&draft.id).or_else(|_| CategoryId::new(&format!("c{}", place + 1))).ok()?;
                Some(Category { id, name: draft.name.trim().to_owned(), per_month: cap(&draft.per_month, None) })
            })
            .collect();
        let mut items = Vec::new();
        for (place, draft) in self.items.iter().enumerate() {
            let caps = (cap(&draft.per_day, Some(place)), cap(&draft.per_month, Some(place)));
            let points = draft.points.trim().trim_start_matches('+').parse::<i32>();
            let category = categories.get(draft.category).map(|category| category.id.clone());
            let (Ok(id), Ok(points), Some(category)) = (self.item_id(place), points, category) else {
                items.push(None);
                continue;
            };
            let (name, evidence) = (draft.name.trim().to_owned(), draft.evidence.trim().to_owned());
            items.push(Some(PointItem { id, name, points, category, per_day: caps.0, per_month: caps.1, evidence }));
        }
        for (place, item) in items.iter().enumerate() {
            match item {
                None => faults.push(RuleFault::Number(Some(place))),
                Some(item) if item.name.is_empty() => faults.push(RuleFault::Name(place)),
                Some(_) => {}
            }
        }
        if self.title.trim().is_empty() {
            faults.insert(0, RuleFault::Title);
        }
        let Some(id) = self.id.clone().or_else(|| RulebookId::new(ID).ok()) else { return Err(faults) };
        let rule = PointsRule {
            id,
            version: self.version.max(1),
            title: self.title.trim().to_owned(),
            categories,
            items: items.into_iter().flatten().collect(),
            gain_per_month: gain,
            loss_per_month: loss,
            base,
            redemption: self.redemption,
        };
        if faults.is_empty() {
            faults.extend(rule.check().err().into_iter().flatten().map(RuleFault::Rule));
        }
        if faults.is_empty() { Ok(rule) } else { Err(faults) }
    }

    /// An item that is new gets an identifier that no other has; one that had one keeps it, and so do its entries.
    fn item_id(&self, place: usize) -> Result<ItemId, shared::id::IdError> {
        let is_free = |id: &String| !self.items.iter().any(|item| item.id == *id);
        match self.items.get(place).map(|item| item.id.as_str()) {
            Some(id) if !id.is_empty() => ItemId::new(id),
            _ => {
                let id = (place + 1..).map(|number| format!("v{}-{number}", self.version)).find(is_free);
                ItemId::new(&id.unwrap_or_default())
            }
        }
    }

    /// Returns what the linter finds in it as far as it is written.
    pub fn findings(&self) -> Vec<Finding> {
        self.rule().map(|rule| lint_points(&rule)).unwrap_or_default()
    }

    /// Returns everything that keeps it from being adopted, in the order of the page.
    pub fn faults(&self) -> Vec<RuleFault> {
        let mut faults = self.rule().err().unwrap_or_default();
        let findings = self.findings();
        if findings.iter().any(|finding| finding.lint.blocks()) {
            faults.push(RuleFault::Blocked);
        }
        let answer = |finding: &Finding| self.answers.get(finding).is_some_and(|answer| !answer.trim().is_empty());
        if findings.iter().any(|finding| !finding.lint.blocks() && !answer(finding)) {
            faults.push(RuleFault::Unanswered);
        }
        if self.from.trim().parse::<Date>().is_err() {
            faults.push(RuleFault::From);
        }
        if self.meeting.trim().is_empty() {
            faults.push(RuleFault::Meeting);
        }
        faults.extend(self.vote().err());
        faults
    }

    /// Returns due, present and those for it, where the vote carries: two thirds came, and more than half of them
    /// said yes (DOMAIN section 6, rule 10).
    pub fn vote(&self) -> Result<(u32, u32, u32), RuleFault> {
        let number = |text: &str| text.trim().parse::<u32>().map_err(|_| RuleFault::Vote);
        let (due, present, yes) = (number(&self.due)?, number(&self.present)?, number(&self.yes)?);
        let (of_due, of_present, of_yes) = (u64::from(due), u64::from(present), u64::from(yes));
        if due == 0 || present > due || yes > present {
            return Err(RuleFault::Vote);
        }
        if 3 * of_present < 2 * of_due {
            return Err(RuleFault::Quorum);
        }
        if 2 * of_yes <= of_present { Err(RuleFault::Majority) } else { Ok((due, present, yes)) }
    }

    /// Strikes an item; answers to warnings about those behind it move with them.
    pub fn strike(&mut self, place: usize) {
        if place < self.items.len() {
            self.items.remove(place);
        }
        let moved = std::mem::take(&mut self.answers).into_iter().filter_map(|(mut finding, answer)| {
            if let Place::Item(at) = finding.place {
                if at == place {
                    return None;
                }
                finding.place = Place::Item(if at > place { at - 1 } else { at });
            }
            Some((finding, answer))
        });
        self.answers = moved.collect();
    }
}

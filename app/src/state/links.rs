//! Which path leads to which page; an identifier stands in a path as it prints.

use shared::domain::ballot::Serial;
use shared::domain::register::Kind;
use shared::id::{FactId, HouseholdId, MeetingId, PersonId, UnitCode};
use shared::time::{Month, Quarter};

use super::register::list::Span;

/// The first page.
pub const HOME: &str = "/";
/// All villages of the township.
pub const BOARD: &str = "/board";

/// Looking for people and households.
pub const PEOPLE: &str = "/people";
/// Every quarter's assessment.
pub const QUARTERS: &str = "/quarters";
/// The mobile red flag.
pub const FLAG: &str = "/flag";

/// A page of one village.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VillagePage {
    /// Its meetings.
    Meetings,
    /// Its roster.
    People,
    /// Bringing a roster in from a file.
    Import,
    /// Preparing a meeting.
    NewMeeting,
}

/// A page of one meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeetingPage {
    /// Where it stands and what comes next.
    Overview,
    /// The roll.
    Roll,
    /// Ballots, hands or turns at the urn.
    Ballots,
    /// Issued, returned and spoiled.
    Closing,
    /// Numbers, decisions and the seal.
    Result,
    /// What goes on paper.
    Print,
}

/// Returns the path of a village's page.
pub fn village(code: &UnitCode, page: VillagePage) -> String {
    let rest = match page {
        VillagePage::Meetings => "",
        VillagePage::People => "/people",
        VillagePage::Import => "/import",
        VillagePage::NewMeeting => "/new-meeting",
    };
    format!("/villages/{code}{rest}")
}

/// Returns the path of a meeting's page.
pub fn meeting(id: &MeetingId, page: MeetingPage) -> String {
    let rest = match page {
        MeetingPage::Overview => "",
        MeetingPage::Roll => "/roll",
        MeetingPage::Ballots => "/ballots",
        MeetingPage::Closing => "/closing",
        MeetingPage::Result => "/result",
        MeetingPage::Print => "/print",
    };
    format!("/meetings/{id}{rest}")
}

/// Returns the path on which one paper ballot of a meeting is entered.
pub fn ballot(id: &MeetingId, serial: Serial) -> String {
    format!("/meetings/{id}/ballots/{}", serial.0)
}

/// Returns the path on which a meeting shows one person's sum.
pub fn sum(id: &MeetingId, person: &PersonId) -> String {
    format!("/meetings/{id}/result/{person}")
}

/// A page of one life-cycle record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordPage {
    /// What it says and what comes next.
    Overview,
    /// Writing its fields.
    Edit,
    /// What goes on paper.
    Print,
    /// What hangs on the wall, for notices.
    Poster,
}

/// Returns the path of all kinds of record, of one village where one is named.
pub fn registers(village: Option<&UnitCode>) -> String {
    format!("/registers{}", of_village(village))
}

/// Returns the path of the records of a kind, of one village where one is named.
pub fn register(kind: &Kind, village: Option<&UnitCode>) -> String {
    format!("/registers/{}{}", kind.key, of_village(village))
}

/// Returns the path of the records behind a number of the board.
pub fn records(kind: &Kind, village: Option<&UnitCode>, span: &Span) -> String {
    let part = |key: &str, value: Option<String>| value.map(|value| format!("{key}={value}"));
    let parts = [
        part("village", village.map(ToString::to_string)),
        part("from", span.from.map(|day| day.to_string())),
        part("until", span.until.map(|day| day.to_string())),
        part("measure", span.measure.map(|measure| measure.key.to_owned())),
        span.open.then(|| "open=1".to_owned()),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let query = if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) };
    format!("/registers/{}{query}", kind.key)
}

/// Returns the path on which a record of a kind is opened.
pub fn new_record(kind: &Kind) -> String {
    format!("/registers/{}/new", kind.key)
}

/// Returns the path of a record's page.
pub fn record(id: &FactId, page: RecordPage) -> String {
    let rest = match page {
        RecordPage::Overview => "",
        RecordPage::Edit => "/edit",
        RecordPage::Print => "/print",
        RecordPage::Poster => "/poster",
    };
    format!("/record/{id}{rest}")
}

/// Where a quarter is opened, or corrected.
pub const NEW_QUARTER: &str = "/quarters/new";

/// A page of one quarter's assessment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum QuarterPage {
    /// Where it stands and what comes next.
    Overview,
    /// One's own cards.
    Cards,
    /// One's own card of a village.
    Card(UnitCode),
    /// The ranks.
    Ranking,
    /// What a village's number is made of.
    Sum(UnitCode),
    /// The ranks on paper.
    Print,
}

/// Returns the path of a quarter's page.
pub fn quarter(quarter: Quarter, page: &QuarterPage) -> String {
    let rest = match page {
        QuarterPage::Overview => String::new(),
        QuarterPage::Cards => "/card".to_owned(),
        QuarterPage::Card(village) => format!("/card/{village}"),
        QuarterPage::Ranking => "/ranking".to_owned(),
        QuarterPage::Sum(village) => format!("/ranking/{village}"),
        QuarterPage::Print => "/print".to_owned(),
    };
    format!("/quarter/{quarter}{rest}")
}

/// Returns the path on which a quarter that was opened is corrected.
pub fn correct_quarter(quarter: Quarter) -> String {
    format!("{NEW_QUARTER}?quarter={quarter}")
}

/// Returns the path of a person's page.
pub fn person(id: &PersonId) -> String {
    format!("/person/{id}")
}

/// Returns the path on which a move of a person is written down.
pub fn moving(id: &PersonId) -> String {
    format!("/person/{id}/move")
}

/// Returns the path of a household's page; its number is one of its village.
pub fn household(id: &HouseholdId, village: &UnitCode) -> String {
    format!("/household/{id}{}", of_village(Some(village)))
}

/// Returns the path of a village's entries that may be of one person.
pub fn twins(village: &UnitCode) -> String {
    format!("/villages/{village}/twins")
}

/// All villages' posts; the own ones for who works in one village.
pub const POSTS: &str = "/posts";

/// A page of a village's posts; each is about a month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostsPage {
    /// The month: everybody who holds a post in it.
    Month,
    /// Who holds which post.
    Held,
    /// Writing an entry of the work log.
    Log,
    /// Scoring the month.
    Scores,
    /// What is put up in the hall.
    Wall,
}

/// Returns the path of a page of a village's posts.
pub fn posts(village: &UnitCode, page: PostsPage, month: Month) -> String {
    let rest = match page {
        PostsPage::Month => "",
        PostsPage::Held => "/held",
        PostsPage::Log => "/log",
        PostsPage::Scores => "/scores",
        PostsPage::Wall => "/print",
    };
    format!("/villages/{village}/posts{rest}?month={month}")
}

/// Returns the path of a village's posts in the month that it is.
pub fn village_posts(village: &UnitCode) -> String {
    format!("/villages/{village}/posts")
}

/// Returns the path of one person's month.
pub fn person_month(village: &UnitCode, person: &PersonId, month: Month) -> String {
    format!("/villages/{village}/posts/{month}/{person}")
}

/// A page of a village's points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PointsPage {
    /// The month and the accounts.
    Overview,
    /// Claiming for one person or for everybody at an event.
    Claim,
    /// Entries to work on, all of them or those of one state.
    Entries(Option<&'static str>),
    /// The rule and its adoption.
    Rule,
    /// A month's list for the wall.
    Print(Option<Month>),
    /// The red board and the warning board.
    Boards,
}

/// Returns the path of a page of a village's points; without one, of the holder's own.
pub fn points(village: Option<&UnitCode>, page: PointsPage) -> String {
    let rest = match page {
        PointsPage::Overview => "",
        PointsPage::Claim => "/claim",
        PointsPage::Entries(_) => "/entries",
        PointsPage::Rule => "/rule",
        PointsPage::Print(_) => "/print",
        PointsPage::Boards => "/boards",
    };
    let village = village.map(|village| format!("village={village}"));
    let more = match page {
        PointsPage::Entries(Some(at)) => Some(format!("at={at}")),
        PointsPage::Print(Some(month)) => Some(format!("month={month}")),
        _ => None,
    };
    let asked: Vec<String> = village.into_iter().chain(more).collect();
    let asked = if asked.is_empty() { String::new() } else { format!("?{}", asked.join("&")) };
    format!("/points{rest}{asked}")
}

/// Returns the path of a household's points account.
pub fn account(village: &UnitCode, household: &HouseholdId) -> String {
    format!("/points/account/{household}?village={village}")
}

/// Returns the path of one entry of an account.
pub fn points_entry(village: &UnitCode, entry: &FactId) -> String {
    format!("/points/entry/{entry}?village={village}")
}

fn of_village(village: Option<&UnitCode>) -> String {
    village.map(|village| format!("?village={village}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meeting_stands_in_its_paths() {
        let text = "420529202209-2026-11-23-1";
        let id: MeetingId = text.parse().unwrap();
        assert_eq!(meeting(&id, MeetingPage::Roll), "/meetings/420529202209-2026-11-23-1/roll");
    }

    #[test]
    fn a_number_of_the_board_stands_in_its_path() {
        let kind = Kind::of("activity").unwrap();
        let village = UnitCode::new("420529202209").unwrap();
        let span = Span {
            from: "2026-01-01".parse().ok(),
            until: "2026-12-31".parse().ok(),
            open: true,
            measure: kind.measures.first(),
        };
        let path =
            "/registers/activity?village=420529202209&from=2026-01-01&until=2026-12-31&measure=activities&open=1";
        assert_eq!(records(kind, Some(&village), &span), path);
        assert_eq!(records(kind, None, &Span::default()), "/registers/activity");
    }
}

//! One page per file, by noun: view models in, wishes out; here is which path leads where.

pub mod words;
pub mod frame;
pub mod asking;
pub mod refusal;
pub mod blocker;
pub mod trouble;

pub mod enrol;
pub mod found;
pub mod reopen;
pub mod elsewhere;
pub mod not_found;
pub mod status;
pub mod devices;
pub mod held;
pub mod units;

pub mod home;
pub mod board;
pub mod people;
pub mod person;
pub mod import;
pub mod registers;
pub mod record;
pub mod quarters;
pub mod quarter;
pub mod flag;
pub mod posts;
pub mod points;
pub mod meetings;
pub mod meeting;
pub mod roll;
pub mod ballots;
pub mod closing;
pub mod result;
pub mod decision;
pub mod print;

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::path;

use ballots::{BallotsPage, TicketPage};
use board::BoardPage;
use closing::ClosingPage;
use devices::Devices;
use flag::FlagPage;
use held::HeldPage;
use home::{HomePage, VillagePageAt};
use import::ImportPage;
use meeting::MeetingOverview;
use meetings::NewMeetingPage;
use not_found::NotFound;
use people::PeoplePage;
use person::{FindingPage, HouseholdPage, MovePage, PersonPage, TwinsPage};
use points::{AccountPage, BoardsPage, ClaimPage, EntriesPage, EntryPage, PointsPage, PointsPrintPage, RulePage};
use posts::{HeldPage as PostsHeldPage, LogPage, MonthPage, PersonMonthPage, PostsPage, ScoresPage, WallPage};
use print::PrintPage;
use quarter::QuarterPage;
use quarter::card::{CardPage, CardsPage};
use quarter::form::NewQuarterPage;
use quarter::print::QuarterPrintPage;
use quarter::ranking::RankingPage;
use quarter::sum::SumPage;
use quarters::QuartersPage;
use record::{EditPage, PosterPage, RecordPage, RecordPrintPage};
use registers::{NewRecordPage, RegisterPage, RegistersPage};
use result::ResultPage;
use roll::RollPage;
use status::StatusPage;
use units::UnitsPage;

/// Every page of an enrolled phone; `state/links.rs` writes the same paths.
#[component]
pub fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=path!("/") view=HomePage />
            <Route path=path!("/board") view=BoardPage />
            <Route path=path!("/villages/:village") view=VillagePageAt />
            <Route path=path!("/villages/:village/people") view=PeoplePage />
            <Route path=path!("/villages/:village/twins") view=TwinsPage />
            <Route path=path!("/people") view=FindingPage />
            <Route path=path!("/person/:id") view=PersonPage />
            <Route path=path!("/person/:id/move") view=MovePage />
            <Route path=path!("/household/:number") view=HouseholdPage />
            <Route path=path!("/villages/:village/import") view=ImportPage />
            <Route path=path!("/villages/:village/new-meeting") view=NewMeetingPage />
            <Route path=path!("/meetings/:meeting") view=MeetingOverview />
            <Route path=path!("/meetings/:meeting/roll") view=RollPage />
            <Route path=path!("/meetings/:meeting/ballots") view=BallotsPage />
            <Route path=path!("/meetings/:meeting/ballots/:serial") view=TicketPage />
            <Route path=path!("/meetings/:meeting/closing") view=ClosingPage />
            <Route path=path!("/meetings/:meeting/result") view=ResultPage />
            <Route path=path!("/meetings/:meeting/print") view=PrintPage />
            <Route path=path!("/registers") view=RegistersPage />
            <Route path=path!("/registers/:kind") view=RegisterPage />
            <Route path=path!("/registers/:kind/new") view=NewRecordPage />
            <Route path=path!("/record/:number") view=RecordPage />
            <Route path=path!("/record/:number/edit") view=EditPage />
            <Route path=path!("/record/:number/print") view=RecordPrintPage />
            <Route path=path!("/quarters") view=QuartersPage />
            <Route path=path!("/quarters/new") view=NewQuarterPage />
            <Route path=path!("/quarter/:quarter") view=QuarterPage />
            <Route path=path!("/quarter/:quarter/card") view=CardsPage />
            <Route path=path!("/quarter/:quarter/card/:village") view=CardPage />
            <Route path=path!("/quarter/:quarter/ranking") view=RankingPage />
            <Route path=path!("/quarter/:quarter/ranking/:village") view=SumPage />
            <Route path=path!("/quarter/:quarter/print") view=QuarterPrintPage />
            <Route path=path!("/flag") view=FlagPage />
            <Route path=path!("/record/:number/poster") view=PosterPage />
            <Route path=path!("/posts") view=PostsPage />
            <Route path=path!("/villages/:village/posts") view=MonthPage />
            <Route path=path!("/villages/:village/posts/held") view=PostsHeldPage />
            <Route path=path!("/villages/:village/posts/log") view=LogPage />
            <Route path=path!("/villages/:village/posts/scores") view=ScoresPage />
            <Route path=path!("/villages/:village/posts/print") view=WallPage />
            <Route path=path!("/villages/:village/posts/:month/:person") view=PersonMonthPage />
            <Route path=path!("/points") view=PointsPage />
            <Route path=path!("/points/claim") view=ClaimPage />
            <Route path=path!("/points/entries") view=EntriesPage />
            <Route path=path!("/points/entry/:number") view=EntryPage />
            <Route path=path!("/points/account/:household") view=AccountPage />
            <Route path=path!("/points/rule") view=RulePage />
            <Route path=path!("/points/print") view=PointsPrintPage />
            <Route path=path!("/points/boards") view=BoardsPage />
            <Route path=path!("/status") view=StatusPage />
            <Route path=path!("/devices") view=Devices />
            <Route path=path!("/held") view=HeldPage />
            <Route path=path!("/units") view=UnitsPage />
        </FlatRoutes>
    }
}

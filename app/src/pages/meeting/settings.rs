//! Two phones created one meeting differently: both settings side by side, one to be chosen (E1).

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::MeetingCommand;
use shared::domain::meeting::MeetingSettings;
use shared::id::MeetingId;

use crate::i18n::*;
use crate::pages::asking::Asking;
use crate::pages::blocker::Names;
use crate::pages::words::{self, Words};
use crate::say;
use crate::shell::Phone;
use crate::ui::button::Button;
use crate::ui::card::Card;

/// The settings to choose from; nothing while they agree.
#[component]
pub fn ChooseSettings(
    /// Which meeting.
    id: MeetingId,
    /// Where wishes go.
    asking: Asking,
) -> impl IntoView {
    let i18n = use_i18n();
    let phone = Phone::expect();
    let standing = {
        let id = id.clone();
        Memo::new(move |_| {
            phone.workspace.with(|workspace| {
                let opened =
                    workspace.meeting(&id).map(|meeting| &meeting.opened).filter(|opened| opened.is_divergence())?;
                let names = Names::new(i18n, workspace, None);
                let said = opened.standing().iter().map(|said| {
                    let by: Vec<String> =
                        said.by.iter().map(|voice| names.author(voice.author.holder.as_ref())).collect();
                    (said.value.clone(), words::list(i18n, &by))
                });
                Some(said.collect::<Vec<_>>())
            })
        })
    };
    move || {
        let id = id.clone();
        standing.get().map(|standing| {
            standing
                .into_iter()
                .map(|(settings, by)| {
                    let (id, lines) = (id.clone(), lines(i18n, &settings));
                    let choose = move |()| {
                        asking.about(&id, MeetingCommand::Open(Box::new(settings.clone())), || {});
                    };
                    view! {
                        <Card title=say!(i18n, meeting.settings_by) note=by>
                            <ul class="meeting-who">{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul>
                            <Button label=say!(i18n, meeting.settings_choose) on_press=choose busy=asking.busy wide=true />
                        </Card>
                    }
                })
                .collect_view()
        })
    }
}

fn lines(i18n: Words, settings: &MeetingSettings) -> Vec<String> {
    let voters = settings.people.iter().filter(|attendee| attendee.body.is_some()).count();
    let officer = |id: &shared::id::PersonId| settings.attendee(id).map_or_else(|| id.to_string(), |a| a.name.clone());
    vec![
        settings.title.clone(),
        settings.place.clone(),
        words::mode(i18n, settings.mode).to_owned(),
        t_string!(
            i18n,
            meetings.rulebook_version,
            title = settings.rulebook.title.clone(),
            version = settings.rulebook.version
        ),
        t_string!(i18n, meeting.settings_people, voters = voters, subjects = settings.subject_count()),
        format!("{} {}", t_string!(i18n, words.chair), officer(&settings.chair)),
        format!("{} {}", t_string!(i18n, words.teller), officer(&settings.teller)),
        format!("{} {}", t_string!(i18n, words.scrutineer), officer(&settings.scrutineer)),
    ]
}

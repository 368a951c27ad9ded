//! Goods for points, where a village's rule says so: asking, handing over by the phone that keeps the ledger, cancelling.

use leptos::prelude::*;
use leptos_i18n::t_string;
use shared::domain::command::PointsWish;
use shared::domain::points::SpentState;
use shared::domain::points::fact::Redemption;
use shared::role::Role;

use super::account::Page;
use super::said;
use crate::pages::words;
use crate::say;
use crate::state::points::account::SpentRow;
use crate::ui::badge::{Badge, BadgeKind};
use crate::ui::button::{Button, ButtonKind};
use crate::ui::card::Card;
use crate::ui::dialog::Dialog;
use crate::ui::field::{Field, FieldKind};
use crate::ui::list_row::{List, ListRow};

/// Goods, or that this village exchanges none.
#[component]
pub(super) fn RedeemCard(page: Page) -> impl IntoView {
    let scene = page.scene;
    let i18n = scene.i18n;
    let asks = RwSignal::new(false);
    let cancels = RwSignal::new(None::<shared::id::FactId>);
    let redeems = Memo::new(move |_| page.read(|account| account.redeems).unwrap_or_default());
    let ask = move || {
        if !redeems.get() {
            return Some(view! { <p class="soft">{say!(i18n, points.redemption_off)}</p> }.into_any());
        }
        Some(match page.read(|account| account.may_redeem.clone())? {
            Ok(()) => view! { <Button label=say!(i18n, points.redeem) on_press=move |()| asks.set(true) wide=true /> }
                .into_any(),
            Err(refusal) => scene.refused(t_string!(i18n, points.redeem).to_owned(), &refusal),
        })
    };
    let row = move |row: SpentRow| {
        let (kind, label) = match row.state {
            SpentState::Pending => (BadgeKind::Attention, t_string!(i18n, points.spent_pending)),
            SpentState::HandedOver => (BadgeKind::Good, t_string!(i18n, points.spent_handed)),
            SpentState::Cancelled => (BadgeKind::Plain, t_string!(i18n, points.spent_cancelled)),
        };
        let subtitle = format!("{} · {}", words::date(i18n, row.redemption.date), row.id);
        let title = words::aside(i18n, &row.redemption.goods, &said::points(i18n, row.redemption.points.into()));
        let (hand, cancel) = (row.id.clone(), row.id.clone());
        let actions = (row.state == SpentState::Pending).then(|| {
            let hand = match row.may_hand_over {
                Ok(()) => {
                    let press = move |()| scene.ask(PointsWish::HandOver(hand.clone()), || {});
                    view! { <Button label=say!(i18n, points.hand_over) on_press=press wide=true /> }.into_any()
                }
                Err(refusal) => scene.refused(t_string!(i18n, points.hand_over).to_owned(), &refusal),
            };
            let press = move |()| cancels.set(Some(cancel.clone()));
            view! {
                <li class="points-actions">
                    {hand}
                    <Button label=say!(i18n, points.cancel_redeem) on_press=press kind=ButtonKind::Quiet />
                </li>
            }
        });
        view! {
            <ListRow title subtitle>
                <Badge kind label=label.to_owned() />
            </ListRow>
            {actions}
        }
    };
    let rows = move || {
        let rows = page.read(|account| account.spent.clone()).unwrap_or_default();
        (!rows.is_empty()).then(|| {
            let rows = rows.into_iter().map(row).collect_view();
            view! { <List label=say!(i18n, points.redemption)>{rows}</List> }
        })
    };
    let keeper = move || {
        let is_secretary =
            scene.phone.me.with(|me| me.as_ref().map(|me| (me.device, me.roles.contains(Role::VillageSecretary))));
        let (device, is_secretary) = is_secretary?;
        if !redeems.get() || !is_secretary || page.read(|account| account.is_keeper)? {
            return None;
        }
        let press = move |()| scene.ask(PointsWish::NameKeeper(device), || {});
        Some(view! { <Button label=say!(i18n, points.keep_here) on_press=press kind=ButtonKind::Quiet wide=true /> })
    };
    view! {
        <Card title=say!(i18n, points.redemption)>
            {ask}
            {keeper}
            {rows}
        </Card>
        <AskDialog page open=asks />
        <CancelDialog page of=cancels />
    }
}

#[component]
fn AskDialog(page: Page, open: RwSignal<bool>) -> impl IntoView {
    let scene = page.scene;
    let i18n = scene.i18n;
    let (goods, points) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let tried = RwSignal::new(false);
    let count = Memo::new(move |_| points.with(|points| points.trim().parse::<u32>().ok()));
    let no_goods = Memo::new(move |_| goods.with(|goods| goods.trim().is_empty()));
    let wrong = Signal::derive(move || match tried.get() && count.get().is_none() {
        true => t_string!(i18n, registers.fault_count).to_owned(),
        false => String::new(),
    });
    let missing = Signal::derive(move || match tried.get() && no_goods.get() {
        true => t_string!(i18n, registers.fault_missing).to_owned(),
        false => String::new(),
    });
    let go = move |()| {
        tried.set(true);
        let (Some(points), Some(date)) = (count.get_untracked(), scene.today) else { return };
        if no_goods.get_untracked() {
            return;
        }
        open.set(false);
        let redemption = Redemption { account: page.id.get_value(), points, goods: goods.get_untracked(), date };
        scene.ask(PointsWish::Redeem(redemption), || {});
    };
    let go = Callback::new(go);
    let actions = move || {
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| open.set(false) />
            <Button
                label=say!(i18n, points.redeem)
                on_press=go
                kind=ButtonKind::Primary
                busy=scene.asking.busy
            />
        }
    };
    view! {
        <Dialog
            open
            title=say!(i18n, points.redeem)
            close_label=say!(i18n, common.close)
            on_close=move |()| open.set(false)
            actions
        >
            <p class="soft">{say!(i18n, points.redeem_note)}</p>
            <Field
                label=say!(i18n, points.goods)
                value=goods
                on_input=move |text| goods.set(text)
                error=missing
            />
            <Field
                label=say!(i18n, points.cost)
                value=points
                on_input=move |text| points.set(text)
                kind=FieldKind::Number
                error=wrong
            />
        </Dialog>
    }
}

#[component]
fn CancelDialog(page: Page, of: RwSignal<Option<shared::id::FactId>>) -> impl IntoView {
    let scene = page.scene;
    let i18n = scene.i18n;
    let (reason, tried) = (RwSignal::new(String::new()), RwSignal::new(false));
    let open = Signal::derive(move || of.with(Option::is_some));
    let error = Signal::derive(move || match tried.get() && reason.with(|reason| reason.trim().is_empty()) {
        true => t_string!(i18n, registers.reason_missing).to_owned(),
        false => String::new(),
    });
    let go = move |()| {
        tried.set(true);
        let (Some(redemption), reason) = (of.get_untracked(), reason.get_untracked()) else { return };
        if reason.trim().is_empty() {
            return;
        }
        of.set(None);
        scene.ask(PointsWish::CancelRedemption { redemption, reason }, || {});
    };
    let go = Callback::new(go);
    let actions = move || {
        view! {
            <Button label=say!(i18n, common.cancel) on_press=move |()| of.set(None) />
            <Button
                label=say!(i18n, points.cancel_redeem)
                on_press=go
                kind=ButtonKind::Primary
                busy=scene.asking.busy
            />
        }
    };
    view! {
        <Dialog
            open
            title=say!(i18n, points.cancel_redeem)
            close_label=say!(i18n, common.close)
            on_close=move |()| of.set(None)
            actions
        >
            <Field
                label=say!(i18n, registers.step_reason)
                value=reason
                on_input=move |text| reason.set(text)
                kind=FieldKind::Area
                error
            />
        </Dialog>
    }
}

//! Widgets that ask: buttons, fields, choices, switches, tabs, dialogs, figures.

use leptos::prelude::*;

use app::ui::button::{Button, ButtonKind, ButtonLink};
use app::ui::card::Card;
use app::ui::choice::{Choice, ChoiceOption};
use app::ui::dialog::Dialog;
use app::ui::disclosure::Disclosure;
use app::ui::field::{Field, FieldKind, Select};
use app::ui::icon::Sign;
use app::ui::number_pad::NumberPad;
use app::ui::tabs::Tabs;
use app::ui::toggle::Toggle;

#[component]
pub(crate) fn Sample() -> impl IntoView {
    let (words, set_words) = signal(String::from("沙湾村"));
    let (day, set_day) = signal(String::from("2026-11-23"));
    let (chosen, set_chosen) = signal(Some(1_usize));
    let (mode, set_mode) = signal(Some(0_usize));
    let (village, set_village) = signal(None::<usize>);
    let (on, set_on) = signal(true);
    let (tab, set_tab) = signal(0_usize);
    let (open, set_open) = signal(window().location().hash().is_ok_and(|hash| hash.contains("dialog")));
    let (typed, set_typed) = signal(String::from("17"));
    let plain = || ["到会", "请假", "缺席"].map(ChoiceOption::new).to_vec();
    let modes = || {
        vec![
            ChoiceOption::new("无记名纸票").with_note("按票号发票，两人分别录入，自动核对"),
            ChoiceOption::new("手机票箱").with_note("大家轮流在这台手机上投，结束前什么都不外传"),
            ChoiceOption::new("举手").with_note("只记人数").closed(true),
        ]
    };
    let ask = move || {
        view! {
            <Button label="再看看" on_press=move |()| set_open.set(false) />
            <Button label="结束投票" kind=ButtonKind::Primary on_press=move |()| set_open.set(false) />
        }
    };
    view! {
        <Card title="按钮">
            <div class="cluster">
                <Button label="开始签到" kind=ButtonKind::Primary on_press=move |()| set_open.set(true) />
                <Button label="打印" sign=Sign::Printer on_press=|()| () />
                <Button label="作废此票" kind=ButtonKind::Danger on_press=|()| () />
                <Button label="稍后" kind=ButtonKind::Quiet on_press=|()| () />
                <ButtonLink label="看名册" href="#" sign=Sign::People />
                <Button label="正在保存" busy=true on_press=|()| () />
                <Button label="不能按" disabled=true on_press=|()| () />
            </div>
        </Card>
        <Card title="填写">
            <Field label="会议名称" value=words on_input=move |text| set_words.set(text) hint="打印在会议记录上" />
            <Field label="发出票数" kind=FieldKind::Number value="31" on_input=|_| () error="名册上只有 30 人，发出的票不能更多" />
            <Field label="开会日期" kind=FieldKind::Date value=day on_input=move |text| set_day.set(text) />
            <Select
                label="村"
                options=["沙湾村", "牛庄村", "横茅湖村"].map(String::from).to_vec()
                selected=village
                on_choose=move |place| set_village.set(Some(place))
                placeholder="请选择"
            />
            <Field label="理由" kind=FieldKind::Area value="" on_input=|_| () hint="与计算结果不同，必须写明" />
            <Choice label="李秀兰" options=Signal::derive(plain) selected=chosen on_choose=move |place| set_chosen.set(Some(place)) />
            <Choice label="投票方式" rows=true options=Signal::derive(modes) selected=mode on_choose=move |place| set_mode.set(Some(place)) />
            <Toggle label="大字" hint="字号 20 像素以上" on=on on_change=move |wanted| set_on.set(wanted) />
            <Toggle label="English" on=Signal::derive(move || !on.get()) on_change=move |wanted: bool| set_on.set(!wanted) />
        </Card>
        <Card title="票号">
            <NumberPad
                label="票号 1–30"
                shown=typed
                error=Signal::derive(move || if typed.with(String::len) > 2 { "没有这个票号".to_owned() } else { String::new() })
                erase_label="删一位"
                enter_label="确定"
                on_digit=move |figure: u8| set_typed.update(|typed| *typed += &figure.to_string())
                on_erase=move |()| set_typed
                        .update(|typed| {
                            typed.pop();
                        })
                on_enter=|()| ()
            />
        </Card>
        <Tabs
            label="结果"
            tabs=["结果", "算给大家看", "打印"].map(String::from).to_vec()
            selected=tab
            on_select=move |place| set_tab.set(place)
        >
            <p>{move || format!("第 {} 页", tab.get() + 1)}</p>
            <Disclosure summary="为什么去掉一高一低？">
                <p>"五张票以上时，去掉一个最高分和一个最低分，再求平均。"</p>
            </Disclosure>
        </Tabs>
        <Dialog open=open title="结束投票？" close_label="关闭" on_close=move |()| set_open.set(false) actions=ViewFn::from(ask)>
            <p>"发出 30 张，收回 29 张，1 张未交回。结束后不能再录入。"</p>
        </Dialog>
    }
}

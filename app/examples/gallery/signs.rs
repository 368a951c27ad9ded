//! Widgets that tell: lamps, badges, banners, rows, stars, stages, tables, sums.

use leptos::prelude::*;

use app::ui::badge::{Badge, BadgeKind};
use app::ui::banner::{Banner, BannerKind};
use app::ui::card::Card;
use app::ui::empty_state::EmptyState;
use app::ui::icon::{Icon, Sign};
use app::ui::lamp::{Lamp, LampState};
use app::ui::list_row::{List, ListRow};
use app::ui::progress::Progress;
use app::ui::qr::Qr;
use app::ui::seal::Seal;
use app::ui::stage_bar::StageBar;
use app::ui::stars::Stars;
use app::ui::sum_view::{SumPart, SumStep, SumView};
use app::ui::table::{Column, Table};

#[component]
pub(crate) fn Status() -> impl IntoView {
    view! {
        <span class="cluster">
            <Badge kind=BadgeKind::Here label="3 条只在本机" />
            <span class="soft">"上次送达 11月21日 17:02"</span>
        </span>
    }
}

#[component]
pub(crate) fn Sample() -> impl IntoView {
    let stages = || {
        ["草稿", "签到", "达到法定人数", "投票", "已结束", "已计票", "已核对", "已决定", "公示"]
            .map(String::from)
            .to_vec()
    };
    view! {
        <Card>
            <StageBar label="会议进度" stages=Signal::derive(stages) current=3_usize next="下一步：收回评议票，结束投票" />
        </Card>
        <div class="stack">
            <Lamp state=LampState::Met label="党员" verdict="已达法定人数" detail="到会 12 · 应到 23 · 需要 12" />
            <Lamp state=LampState::NotMet label="村民代表" verdict="还差 2 人" detail="到会 10 · 应到 18 · 需要 12" />
            <Lamp state=LampState::Lost label="村民代表" verdict="人数已不足" detail="到会 11 · 应到 18 · 需要 12" />
        </div>
        <div class="stack">
            <Banner
                kind=BannerKind::Refusal
                title="还不能结束投票：收回的票比发出的多 1 张。"
                next="请重新清点纸票；如果确实多出，本轮作废。"
                action="重新清点"
                on_action=|()| ()
            />
            <Banner kind=BannerKind::Warning title="有 2 张票两人录入不一致。" next="请对照纸票 0017、0023 重新录入。" />
            <Banner kind=BannerKind::Done title="会议记录已保存在本机。" next="有信号时会自动送到乡里。" />
            <Banner title="新版本已准备好。" action="现在更新" on_action=|()| () />
        </div>
        <Card title="到会登记" note="12 / 23">
            <Progress label="已签到" done=12_usize total=23_usize />
            <List>
                <ListRow title="李秀兰" subtitle="三组 · 12户" on_press=|()| ()>
                    <Badge kind=BadgeKind::Good label="到会" />
                </ListRow>
                <ListRow title="王建国" subtitle="一组 · 3户 · 预备党员" on_press=|()| ()>
                    <Badge kind=BadgeKind::Plain label="请假" />
                </ListRow>
                <ListRow title="䶮昌明" subtitle="五组 · 44户" href="#">
                    <Stars count=4_u8 text="四星" />
                    <span class="figure">"93.40"</span>
                </ListRow>
                <ListRow title="沙湾村" subtitle="2026 年第三季度评议会" sign=Sign::Paper>
                    <Badge kind=BadgeKind::Arrived label="已到乡里" />
                </ListRow>
            </List>
        </Card>
        <Card title="标记">
            <div class="cluster">
                <Badge kind=BadgeKind::Here label="在本机" />
                <Badge kind=BadgeKind::Carried label="捎带中" />
                <Badge kind=BadgeKind::Arrived label="已到乡里" />
                <Badge kind=BadgeKind::Good label="一致" />
                <Badge kind=BadgeKind::Attention label="有分歧" />
                <Badge kind=BadgeKind::Bad label="作废" />
                <Badge kind=BadgeKind::Plain label="草稿" />
                <Seal text="评议" />
            </div>
            <div class="cluster">{Sign::ALL.into_iter().map(|sign| view! { <Icon sign /> }).collect_view()}</div>
            <div class="stack" data-gap="small">
                {(0..=5_u8).map(|count| view! { <Stars count text=format!("{count} 星") /> }).collect_view()}
            </div>
        </Card>
    }
}

#[component]
pub(crate) fn Beside() -> impl IntoView {
    let columns = || {
        vec![
            Column::words("姓名"),
            Column::figures("综合得分"),
            Column::figures("党员"),
            Column::figures("代表"),
            Column::words("星级"),
        ]
    };
    let rows = || {
        [
            ["李秀兰", "84.01", "85.80", "81.33", "三星"],
            ["王建国", "96.00", "97.25", "94.13", "五星"],
            ["䶮昌明", "79.99", "80.00", "79.98", "二星"],
        ]
        .map(|row| row.map(String::from).to_vec())
        .to_vec()
    };
    let text = |words: &str| SumPart::Text(words.to_owned());
    let steps = vec![
        SumStep {
            label: "党员组平均（7 张票，去一高一低）".to_owned(),
            parts: vec![
                text("("),
                SumPart::Dropped("96".to_owned()),
                text("92 + 88 + 90 + 75 + 84"),
                SumPart::Dropped("60".to_owned()),
                text(") ÷ 5 ="),
                SumPart::Fraction { over: "429".to_owned(), under: "5".to_owned() },
            ],
            note: "五张票以上，去掉一个最高和一个最低。".to_owned(),
        },
        SumStep {
            label: "综合得分".to_owned(),
            parts: vec![
                text("60% ×"),
                SumPart::Fraction { over: "429".to_owned(), under: "5".to_owned() },
                text("+ 40% ×"),
                SumPart::Fraction { over: "244".to_owned(), under: "3".to_owned() },
                text("="),
                SumPart::Fraction { over: "6301".to_owned(), under: "75".to_owned() },
                text("≈"),
                SumPart::Result("84.01".to_owned()),
            ],
            note: String::new(),
        },
    ];
    view! {
        <Card title="结果">
            <Table caption="综合得分与星级" columns=Signal::derive(columns) rows=Signal::derive(rows) />
        </Card>
        <Card title="算给大家看" note="李秀兰">
            <SumView steps=steps />
        </Card>
        <Card title="登记新手机">
            <Qr
                text="http://localhost:8080/#/enrol/c2FtcGxlLWludml0YXRpb24tb25lLXVzZS1zZWVkLWFuZC1jaGFpbg"
                label="登记二维码"
                too_long="内容太长"
            />
        </Card>
        <Card>
            <EmptyState sign=Sign::Urn title="还没有会议" text="新建一次评议会，签到、投票、计票都在这台手机上完成。">
                <a class="button" href="#">"新建评议会"</a>
            </EmptyState>
        </Card>
    }
}

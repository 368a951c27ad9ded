//! Sheets of A4 with signature lines.

use leptos::prelude::*;

use app::ui::print_sheet::{PrintSheet, SignatureLines};

#[component]
pub(crate) fn Sample() -> impl IntoView {
    let rows = (1..=12).map(|place| {
        view! {
            <tr>
                <td data-numeric="">{place}</td>
                <td>"李秀兰"</td>
                <td>"三组 · 12户"</td>
                <td data-numeric="">"84.01"</td>
                <td>"三星"</td>
                <td>"三星"</td>
            </tr>
        }
    });
    view! {
        <PrintSheet
            title="沙湾村党员评议会会议记录"
            lines=["2026 年 11 月 23 日 14:30 · 沙湾村村委会会议室", "记录号 SW1-42"].map(String::from).to_vec()
            foot=["评议 · 沙湾村", "校验 3f8a 91c2", "第 1 页"].map(String::from).to_vec()
        >
            <p>"应到党员 23 人，到会 12 人；应到村民代表 18 人，到会 12 人，均达到法定人数。发出评议票 30 张，收回 29 张，有效 28 张，废票 1 张。"</p>
            <div class="sheet-scroll">
                <table>
                    <thead>
                        <tr>
                            <th>"序"</th>
                            <th>"姓名"</th>
                            <th>"组户"</th>
                            <th>"综合得分"</th>
                            <th>"计算星级"</th>
                            <th>"组织评定"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            <SignatureLines labels=["主持人", "记录人", "计票人", "监票人", "村务监督委员会", "日期"].map(String::from).to_vec() />
        </PrintSheet>
    }
}

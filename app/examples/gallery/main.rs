//! Every widget in every state on one page, for whoever changes their looks.
//!
//! `cargo build -p pingyi-app --example gallery --target wasm32-unknown-unknown`, then wasm-bindgen. Its words are
//! samples and not part of the product. `#elder`, `#large` and `#largest` show the sizes of type, `#keypad`
//! (`-each`, `-exact`) and `#paper` one part alone.

mod controls;
mod keypad;
mod paper;
mod signs;

use leptos::prelude::*;

use app::ui::bottom_bar::BottomBar;
use app::ui::button::{Button, ButtonKind, IconButton};
use app::ui::icon::Sign;
use app::ui::page_header::PageHeader;

fn main() {
    let asked = window().location().hash().unwrap_or_default();
    if let Some(root) = document().document_element() {
        for size in ["elder", "large", "largest"] {
            if asked.contains(size) {
                // Only a name no browser accepts could be refused.
                drop(root.set_attribute("data-elder", size));
            }
        }
    }
    let part = if asked.contains("keypad") {
        Part::Keypad
    } else if asked.contains("paper") {
        Part::Paper
    } else {
        Part::All
    };
    leptos::mount::mount_to_body(move || view! { <Gallery part /> });
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    Keypad,
    Paper,
}

#[component]
fn Gallery(part: Part) -> impl IntoView {
    match part {
        Part::Keypad => view! {
            <div class="page">
                <PageHeader title="录入评议票" subtitle="沙湾村 · 第三季度评议会 · 票号 0017" back_href="#" back_label="返回" />
                <main class="page-body">
                    <keypad::Sample />
                </main>
            </div>
        }
        .into_any(),
        Part::Paper => view! {
            <div class="page">
                <main class="page-body">
                    <paper::Sample />
                </main>
            </div>
        }
        .into_any(),
        Part::All => view! {
            <div class="page">
                <PageHeader
                    title="沙湾村党员评议会"
                    subtitle="2026 年第三季度 · 村委会会议室"
                    back_href="#"
                    back_label="返回"
                    status=ViewFn::from(|| view! { <signs::Status /> })
                >
                    <IconButton label="更多" sign=Sign::More on_press=|()| () />
                </PageHeader>
                <main class="page-body">
                    <div class="columns">
                        <div class="stack" data-gap="large">
                            <signs::Sample />
                            <controls::Sample />
                        </div>
                        <div class="stack" data-gap="large">
                            <signs::Beside />
                        </div>
                    </div>
                </main>
                <BottomBar note="还有 2 位代表未签到">
                    <Button label="保存草稿" on_press=|()| () />
                    <Button label="开始投票" kind=ButtonKind::Primary on_press=|()| () />
                </BottomBar>
            </div>
        }
        .into_any(),
    }
}

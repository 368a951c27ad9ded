//! The keypad over a ballot of forty, a few subjects already marked.

use leptos::prelude::*;

use app::state::keypad::{Key, Keypad};
use app::ui::keypad::{KeypadBoard, KeypadSubject, KeypadWords};

const NAMES: [&str; 8] = ["李秀兰", "王建国", "张桂英", "䶮昌明", "欧阳春梅", "刘德华", "陈玉珍", "覃发鼎"];

#[component]
pub(crate) fn Sample() -> impl IntoView {
    let mut ballot = Keypad::new(40, vec![20; 5], vec![20, 16, 12, 8]);
    let taps = [
        Key::Level(0),
        Key::Level(1),
        Key::Abstain,
        Key::Level(0),
        Key::Aspect { subject: 3, aspect: 2 },
        Key::Level(2),
    ];
    for key in taps {
        ballot.press(key);
    }
    let asked = window().location().hash().unwrap_or_default();
    if asked.contains("exact") {
        ballot.press(Key::Exact);
        ballot.press(Key::Digit(1));
    } else if asked.contains("each") {
        ballot.press(Key::Each);
        ballot.press(Key::Level(1));
    }
    let (keypad, set_keypad) = signal(ballot);
    let subjects: Vec<_> = (0..40)
        .map(|place| KeypadSubject {
            name: NAMES.get(place % NAMES.len()).copied().unwrap_or_default().to_owned(),
            line: format!("{}组 · {}户", place % 6 + 1, place * 3 + 2),
        })
        .collect();
    let words = KeypadWords {
        keypad: "评议键盘".to_owned(),
        last: "刚才".to_owned(),
        progress: "已评".to_owned(),
        each: "逐项".to_owned(),
        exact: "精确分".to_owned(),
        abstain: "弃权".to_owned(),
        undo: "撤销".to_owned(),
        previous: "上一位".to_owned(),
        next: "下一位".to_owned(),
        jump: "全部名单".to_owned(),
        close: "关闭".to_owned(),
        erase: "删一位".to_owned(),
        enter: "确定".to_owned(),
        open: "未评".to_owned(),
        partial: "未评完".to_owned(),
        complete: "已评".to_owned(),
        abstained: "弃权".to_owned(),
    };
    view! {
        <KeypadBoard
            keypad=keypad
            subjects=subjects
            aspects=["思想政治", "邻里和睦", "干净庭院", "良好家风", "示范带动"].map(String::from).to_vec()
            levels=["很好", "较好", "一般", "较差"].map(String::from).to_vec()
            words=words
            on_key=move |key| {
                set_keypad
                    .update(|keypad| {
                        keypad.press(key);
                    });
            }
        />
    }
}

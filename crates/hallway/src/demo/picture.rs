//! The live picture: the halls as a tree with what they hold and how their links stand, what has been
//! acknowledged, and what is happening, in Chinese and English.
//!
//! On a terminal it is drawn again in place; where nobody sees it move, each new sentence is a line.
//! Lines are clipped by the terminal, never wrapped, so that drawing again finds its place.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use tokio::time::{Instant, MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::scene::{Saying, Scene, Stage};
use super::world::{ACROSS_ROAD, ROADS, Road, name_of};

/// Draws until told to stop, and once more then.
pub(super) async fn draw(stage: Stage, started: Instant, stop: CancellationToken) {
    let mut easel = Easel { terminal: io::stderr().is_terminal(), lines: 0, told: 0 };
    let mut seen = stage.subscribe();
    let mut again = interval(DRAW_AGAIN);
    again.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let ended = tokio::select! {
            () = stop.cancelled() => true,
            _ = again.tick() => false,
        };
        let scene = seen.borrow_and_update().clone();
        // Nobody sees the picture: no reason to end the demonstration.
        drop(easel.show(&scene, started.elapsed()));
        if ended {
            return;
        }
    }
}

/// Where the picture stands.
struct Easel {
    terminal: bool,
    lines: usize,
    told: usize,
}

impl Easel {
    fn show(&mut self, scene: &Scene, elapsed: Duration) -> io::Result<()> {
        let mut stderr = io::stderr().lock();
        if !self.terminal {
            for saying in scene.told.get(self.told..).unwrap_or_default() {
                let Saying { zh, en } = saying;
                writeln!(stderr, "{:5.1} s  {zh} · {en}", elapsed.as_secs_f64())?;
            }
            self.told = scene.told.len();
            return stderr.flush();
        }
        let lines = picture(scene, elapsed);
        let up = if self.lines > 0 { format!("\x1b[{}A\r", self.lines) } else { String::new() };
        self.lines = lines.len();
        let frame = lines.join("\x1b[K\n");
        write!(stderr, "{NO_WRAP}{up}{frame}\x1b[K\n\x1b[J{WRAP}")?;
        stderr.flush()
    }
}

/// All lines of the picture.
fn picture(scene: &Scene, elapsed: Duration) -> Vec<String> {
    let seconds = format!("{:.1} s", elapsed.as_secs_f64());
    let mut lines = vec![String::new(), format!("{BOLD}贯通 Hallway{PLAIN}  {seconds}")];
    lines.extend(TREE.map(|(stem, hall)| hall_line(scene, stem, hall)));
    let across = road_text(scene, ACROSS_ROAD);
    let (from, to) = (name_of(ACROSS_ROAD.from), name_of(ACROSS_ROAD.to));
    lines.push(format!("  {from} ↔ {to}  {across}"));
    lines.push(String::new());
    lines.push(format!(
        "{} {} / {}   重复 repeated {}   断链 cuts {}   强杀 kills {}",
        bar(scene.acknowledged, scene.planned),
        grouped(scene.acknowledged),
        grouped(scene.planned),
        scene.repeated,
        scene.cuts,
        scene.kills,
    ));
    let newest = scene.told.len().saturating_sub(TOLD_SHOWN);
    let told = scene.told.get(newest..).unwrap_or_default();
    lines.extend((0..TOLD_SHOWN.saturating_sub(told.len())).map(|_| String::new()));
    for (place, Saying { zh, en }) in told.iter().enumerate() {
        let last = place + 1 == told.len();
        let (mark, colour) = if last { ("▶", BOLD) } else { ("·", DIM) };
        lines.push(format!("{colour}{mark} {zh} · {en}{PLAIN}"));
    }
    lines
}

fn hall_line(scene: &Scene, stem: &str, hall: &str) -> String {
    let (mark, colour) = match (scene.down.contains(hall), scene.halls.contains_key(hall)) {
        (true, _) => ("✖", RED),
        (false, true) => ("●", GREEN),
        (false, false) => ("○", YELLOW),
    };
    let who = padded(&format!("{stem}{} {hall}", name_of(hall)), WHO_COLUMNS);
    let (entries, stubs, wanted) = scene.counts(hall);
    let up = ROADS.iter().find(|road| road.from == hall && **road != ACROSS_ROAD);
    let link = up.map(|road| format!("↑ {}", road_text(scene, *road))).unwrap_or_default();
    let wanted =
        if wanted > 0 { format!(" 待补 wanted {}", grouped(wanted)) } else { String::new() };
    format!(
        "{colour}{mark}{PLAIN} {who}{:>8} 条 entries {:>7} 存根 stubs{wanted}  {link}",
        grouped(entries),
        grouped(stubs),
    )
}

fn road_text(scene: &Scene, road: Road) -> String {
    if scene.broken.contains(&road) {
        return format!("{RED}✂ 断开 cut{PLAIN}");
    }
    match scene.road(road) {
        Some(("live", 0)) => format!("{GREEN}live{PLAIN}"),
        Some((state, lag)) => format!("{YELLOW}{state} −{}{PLAIN}", grouped(lag)),
        None => format!("{DIM}–{PLAIN}"),
    }
}

fn bar(done: u64, of: u64) -> String {
    let full = (done * BAR_COLUMNS).checked_div(of).unwrap_or(0).min(BAR_COLUMNS);
    let cells = (0..BAR_COLUMNS).map(|cell| if cell < full { '█' } else { '░' });
    cells.collect()
}

/// A number with commas.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A text with spaces behind it; Chinese characters are two columns wide.
fn padded(text: &str, columns: usize) -> String {
    let wide = text.chars().filter(|c| ('\u{2e80}'..='\u{ffe6}').contains(c)).count();
    let missing = columns.saturating_sub(text.chars().count() + wide);
    format!("{text}{}", " ".repeat(missing))
}

/// The halls as a tree.
const TREE: [(&str, &str); 7] = [
    ("", "220000"),
    ("├─ ", "220100"),
    ("│  ├─ ", "220182"),
    ("│  └─ ", "220122"),
    ("└─ ", "220200"),
    ("   ├─ ", "220283"),
    ("   └─ ", "220281"),
];
const WHO_COLUMNS: usize = 22;
const BAR_COLUMNS: u64 = 24;
const TOLD_SHOWN: usize = 5;
const DRAW_AGAIN: Duration = Duration::from_millis(200);
const BOLD: &str = "\x1b[1m";
const DIM: &str = "\x1b[2m";
const RED: &str = "\x1b[31m";
const GREEN: &str = "\x1b[32m";
const YELLOW: &str = "\x1b[33m";
const PLAIN: &str = "\x1b[0m";
const NO_WRAP: &str = "\x1b[?7l";
const WRAP: &str = "\x1b[?7h";

#[cfg(test)]
mod tests {
    use super::super::world::HALLS;
    use super::*;

    #[test]
    fn every_hall_and_the_newest_sentence_are_in_the_picture() {
        let mut scene = Scene::default();
        let empty = picture(&scene, Duration::ZERO).len();
        scene.down.insert("220283");
        scene.broken.insert(ROADS[2]);
        (scene.acknowledged, scene.planned) = (2_500, 5_000);
        scene.told = (0..9).map(|n| Saying::new(format!("第{n}步"), format!("step {n}"))).collect();
        let lines = picture(&scene, Duration::from_millis(12_340));
        assert_eq!(lines.len(), empty, "the picture keeps its height");
        let text = lines.join("\n");
        for hall in HALLS {
            assert!(text.contains(&format!("{} {hall}", name_of(hall))), "{text}");
        }
        for shown in ["12.3 s", "✖", "✂", "2,500 / 5,000", "▶ 第8步 · step 8"] {
            assert!(text.contains(shown), "{shown} in {text}");
        }
        assert!(!text.contains("step 3"));
    }

    #[test]
    fn numbers_and_columns() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(padded("长春 1", 8), "长春 1  ");
        assert_eq!(bar(1, 0).chars().count(), 24);
    }
}

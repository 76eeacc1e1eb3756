//! What a score is made of, and what newness adds to it.

use serde_json::Value;

use crate::desk::{Desk, article};

fn desk() -> Desk {
    let desk = Desk::new();
    for number in 0..21 {
        desk.write(&format!("news/{number:02}.txt"), article(number));
    }
    let brief = |name: &str, date: &str| {
        let date = if date.is_empty() { String::new() } else { format!(",\"date\":\"{date}\"") };
        let body = "The lighthouse of Port Marrow was lit again. Sailors saw the lighthouse from afar.";
        desk.write(
            &format!("brief-{name}.jsonl"),
            format!("{{\"id\":\"{name}\",\"headline\":\"Light {name}\"{date},\"body\":\"{body}\"}}\n"),
        );
    };
    brief("a-undated", "");
    brief("b-old", "2024-01-01");
    brief("c-month", "2024-08-20");
    brief("d-newest", "2024-09-19");
    desk.expect(
        0,
        &[
            "index",
            "-q",
            "news",
            "brief-a-undated.jsonl",
            "brief-b-old.jsonl",
            "brief-c-month.jsonl",
            "brief-d-newest.jsonl",
        ],
    );
    desk
}

fn hits(desk: &Desk, arguments: &[&str]) -> Vec<Value> {
    let out = desk.expect(0, &[&["search", "--json", "--no-fold"], arguments].concat()).out;
    let rows = out.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    rows.filter(|row| row["type"] == "hit").collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[test]
fn factors_add_up_to_the_score() {
    let desk = desk();
    for query in [
        &["ferry", "council"][..],
        &["\"port marrow\"", "--fresh"],
        &["lighthouse", "--fresh"],
        &["lighthouze~"],
        &["Mayor", "Ines", "Calder", "weighs", "the", "ferry", "plan", "for", "Port", "Marrow", "council"],
    ] {
        let found = hits(&desk, &[query, &["--explain-score", "-n", "all"]].concat());
        assert!(!found.is_empty(), "{query:?}");
        for hit in &found {
            let factors = &hit["factors"];
            let sum = |list: &str| {
                let factors = factors[list].as_array().expect("a list");
                factors.iter().map(|factor| number(&factor["score"])).sum::<f64>()
            };
            let made = (sum("words") + sum("learned")) * number(&factors["recency"]);
            let score = number(&hit["score"]);
            assert!((made - score).abs() < 1e-3, "{query:?}: {made} and not {score}: {factors:#}");
        }
        assert!(hits(&desk, query).iter().all(|hit| hit.get("factors").is_none()), "{query:?}");
    }
}

#[test]
fn factors_say_how_often_and_in_how_many() {
    let desk = desk();
    let found = hits(&desk, &["lighthouse", "--explain-score"]);
    assert_eq!(found.len(), 4);
    let factors = &found[0]["factors"];
    assert_eq!(factors["words"][0]["word"], "lighthouse");
    assert_eq!((&factors["words"][0]["times"], &factors["words"][0]["articles"]), (&Value::from(2), &Value::from(4)));
    assert_eq!((number(&factors["recency"]), factors["learned"].as_array().map(Vec::len)), (1.0, Some(0)));
    // 14 words of the body, three of the headline, twice.
    assert_eq!(factors["length"], 20);
    let told = desk.expect(0, &["search", "lighthouse", "--explain-score", "--no-fold"]).err;
    for line in [
        "1  score ",
        "`lighthouse`: 2 times here, in about 4 articles",
        "about 20 words, those of the headline counted twice",
    ] {
        assert!(told.contains(line), "{line}: {told}");
    }
}

#[test]
fn newer_articles_rank_higher_where_that_is_asked() {
    let desk = desk();
    let ids = |arguments: &[&str]| -> Vec<String> {
        hits(&desk, arguments).iter().map(|hit| hit["id"].as_str().expect("an id").to_owned()).collect()
    };
    // All four are alike: only their names order them.
    assert_eq!(ids(&["lighthouse"]), ["a-undated", "b-old", "c-month", "d-newest"]);
    assert_eq!(ids(&["lighthouse", "--fresh"]), ["d-newest", "c-month", "b-old", "a-undated"]);
    let fresh = hits(&desk, &["lighthouse", "--fresh", "--explain-score"]);
    let recency: Vec<f64> = fresh.iter().map(|hit| number(&hit["factors"]["recency"])).collect();
    assert_eq!((recency[0], recency[1], recency[3]), (2.0, 1.5, 1.0), "{recency:?}");
    assert!(recency[2] > 1.0 && recency[2] < 1.01, "{recency:?}");
}

//! Another corridor is other sheets and another `pipeline.toml`, and no code: two reporters of one
//! flow, three currencies, exchange rates.

use crate::workspace::Workspace;

#[test]
fn both_reporters_of_one_flow_stand() {
    let workspace = Workspace::example("andes");
    workspace.pipeline(&["run"]).exits(0);
    let observations = workspace.table("observations");
    let stated = |series: &str| {
        observations
            .iter()
            .find(|row| {
                row["series_id"] == series && row["period_label"] == "2024" && row["derived"] == "false"
            })
            .unwrap_or_else(|| panic!("no {series} in 2024"))
    };
    assert_eq!(stated("goods_exports.PER.BOL")["value"], "812400000.0");
    assert_eq!(stated("goods_imports.BOL.PER")["comparator"], "~");
    assert_eq!(stated("visitors.PER.BOL")["best_claim"], "visitors-2024-customs");
    assert_eq!(stated("visitors.PER.BOL")["reason"], "authority");
}

#[test]
fn a_mirrored_flow_that_differs_is_said() {
    let workspace = Workspace::example("andes");
    workspace.replace("raw/facts.csv", "BOL,PER,about $850 million", "BOL,PER,about $950 million");
    workspace.replace("raw/facts.csv", "bought about $850 million", "bought about $950 million");
    workspace.replace("raw/articles/chamber-2025.txt", "about $850 million", "about $950 million");
    workspace.pipeline(&["run"]).exits(0).says("note[mirror-differs]").says("imports-2024");
}

#[test]
fn a_target_is_measured_and_money_is_converted_at_named_rates() {
    let workspace = Workspace::example("andes");
    workspace.pipeline(&["run"]).exits(0);
    let commitments = workspace.table("commitments");
    let target = commitments.iter().find(|row| row["commitment_id"] == "exports-2028").expect("the target");
    // 812.4 / 1200 = 67.7 %; (1200 / 812.4)^(1/4) − 1 = 10.24 %, against 6.2 % seen.
    assert_eq!(target["verdict"], "behind");
    assert!(target["share_reached"].starts_with("67.7"), "{}", target["share_reached"]);
    assert!(target["required_growth"].starts_with("10.24"), "{}", target["required_growth"]);
    let report = workspace.read("out/commitments.md");
    assert!(
        report.contains("60 million BOB | 1 | $8.70 million (at 6.9 BOB in 2025, central bank of Bolivia)")
    );
    assert!(report.contains("20 million PEN | 1 | $5.56 million (at 3.6 PEN in 2025, central bank of Peru)"));
}

#[test]
fn without_a_rate_nothing_is_converted() {
    let workspace = Workspace::example("andes");
    workspace.replace("raw/rates.csv", "BOB,2025,6.9,central bank of Bolivia\n", "");
    workspace.pipeline(&["run"]).exits(0);
    let report = workspace.read("out/commitments.md");
    assert!(report.contains("| everything |  | 60 million BOB | 1 | no rate |"), "{report}");
}

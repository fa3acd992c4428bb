//! The files of a revision: every published table as Parquet and CSV, the data package, and the
//! reports. What each one holds is said by the crate `report`; where the bytes go, by the store.

use std::io::Write;

use anyhow::Result;
use model::facts::Facts;
use model::finding::Finding;
use normalize::evidence::{self, Lock};
use rayon::prelude::*;
use report::markdown::{self, Coverage, View};
use report::table::Table;
use report::tables::{self, Names};
use report::{csv, datapackage, parquet};

use crate::config::Config;
use crate::evaluate::Evaluation;
use crate::store::{Draft, FileEntry};

/// Tables of the reports with more rows are cut, and say so.
const REPORT_ROWS: usize = 200;

/// Writes the tables of what is stated, which need nothing that follows from it.
///
/// # Errors
/// Where a file cannot be written.
pub(crate) fn write_stated(facts: &Facts, draft: &Draft<'_>) -> Result<Vec<datapackage::Written>> {
    write_tables(&tables::stated(facts), draft)
}

/// Writes the tables of what follows, and what describes all tables.
///
/// # Errors
/// Where a file cannot be written.
pub(crate) fn write_known(
    config: &Config,
    evaluation: &Evaluation,
    findings: &[&Finding],
    stated: Vec<datapackage::Written>,
    draft: &Draft<'_>,
) -> Result<()> {
    let names = Names::new(&evaluation.facts, &evaluation.knowledge);
    let tables = tables::known(&evaluation.facts, &evaluation.knowledge, &names, findings);
    let mut written = stated;
    written.extend(write_tables(&tables, draft)?);
    write_package(config, evaluation, &written, draft)
}

/// Writes what describes the tables.
fn write_package(
    config: &Config,
    evaluation: &Evaluation,
    tables: &[datapackage::Written],
    draft: &Draft<'_>,
) -> Result<()> {
    let licence = &config.corridor.licence;
    let licenses = [datapackage::License { name: licence, title: "", path: "" }];
    let package = datapackage::Package {
        name: &config.corridor.name,
        title: &config.corridor.title,
        description: &config.corridor.description,
        licenses: if licence.is_empty() { &[] } else { &licenses },
        sources: &evaluation.facts.sources,
        tables,
    };
    write(draft, "curated/datapackage.json", &datapackage::json(&package))
}

/// Writes tables in both forms. They differ in size by orders of magnitude: the workers take whatever is next.
fn write_tables(tables: &[Table<'_>], draft: &Draft<'_>) -> Result<Vec<datapackage::Written>> {
    // A table goes with those that are parts of it.
    let families: Vec<&[Table<'_>]> = tables.chunk_by(|_, table| table.part.is_some()).collect();
    let written: Vec<Vec<datapackage::Written>> =
        families.par_iter().map(|family| write_family(family, draft)).collect::<Result<_>>()?;
    Ok(written.into_iter().flatten().collect())
}

/// Writes a table, and those behind it that are parts of it.
fn write_family(tables: &[Table<'_>], draft: &Draft<'_>) -> Result<Vec<datapackage::Written>> {
    let paths = |form: &str| -> Vec<String> {
        tables.iter().map(|table| format!("curated/{}.{form}", table.schema.name)).collect()
    };
    let (csv, parquet) = rayon::join(
        || {
            draft.write_together(&paths("csv"), |outs| -> Result<()> {
                Ok(csv::write_together(tables, outs)?)
            })
        },
        || {
            draft.write_together(&paths("parquet"), |outs| -> Result<()> {
                Ok(parquet::write_together(tables, outs)?)
            })
        },
    );
    let (csv, parquet): (Vec<FileEntry>, Vec<FileEntry>) = (csv?, parquet?);
    let digest =
        |file: &FileEntry| datapackage::FileDigest { bytes: file.bytes, sha256: file.sha256.to_string() };
    let written = tables.iter().zip(csv.iter().zip(&parquet)).map(|(table, (csv, parquet))| {
        let (schema, rows) = (table.schema, table.rows as u64);
        datapackage::Written { schema, rows, csv: digest(csv), parquet: digest(parquet) }
    });
    Ok(written.collect())
}

fn write(draft: &Draft<'_>, path: &str, bytes: &[u8]) -> Result<()> {
    draft.write(path, |out| -> Result<()> { Ok(out.write_all(bytes)?) })?;
    Ok(())
}

/// Writes the reports.
///
/// # Errors
/// Where a file cannot be written.
pub(crate) fn write_reports(
    config: &Config,
    evaluation: &Evaluation,
    findings: &[&Finding],
    draft: &Draft<'_>,
) -> Result<()> {
    let coverage = coverage(&evaluation.facts, &evaluation.lock);
    let settings = markdown::Settings { title: &config.corridor.title, most_rows: REPORT_ROWS };
    let view =
        View::new(&evaluation.facts, &evaluation.knowledge, findings.iter().copied(), &coverage, settings);
    type Report = fn(&View<'_>) -> String;
    let reports: [(&str, Report); 6] = [
        ("summary", markdown::summary),
        ("trade", markdown::trade),
        ("investment", markdown::investment),
        ("cooperation", markdown::cooperation),
        ("commitments", markdown::commitments),
        ("quality", markdown::quality),
    ];
    reports
        .par_iter()
        .try_for_each(|(name, report)| write(draft, &format!("out/{name}.md"), report(&view).as_bytes()))
}

/// Coverage by source, from the lock: the same with the texts at hand and without.
fn coverage(facts: &Facts, lock: &Lock) -> Vec<Coverage> {
    let of_source = |text: evidence::Coverage| {
        let source = facts.sources.binary_search_by(|source| source.source_id.cmp(&text.source_id)).ok()?;
        let (figures, claimed) = (text.figures, text.claimed);
        Some(Coverage { source: source as u32, figures, claimed, uncovered: figures - claimed })
    };
    lock.coverage().into_iter().filter_map(of_source).collect()
}

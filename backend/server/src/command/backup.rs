//! `ichiba backup` and `ichiba restore`.

use crate::{clock::Stopwatch, config::Config};
use anyhow::Context as _;
use std::{
    fs::File,
    io::{BufReader, BufWriter, Write},
    path::Path,
    process::ExitCode,
};

pub(super) async fn backup(config: &Config, file: &Path) -> anyhow::Result<ExitCode> {
    let store = super::open(config).await?;
    let watch = Stopwatch::start();
    if file == Path::new("-") {
        store.backup(&mut BufWriter::new(std::io::stdout())).await?;
        return Ok(ExitCode::SUCCESS);
    }
    // Written beside and renamed: a file of that name is a whole backup or none.
    let unfinished = file.with_extension("unfinished");
    let out = File::create(&unfinished).with_context(|| format!("{} cannot be written", unfinished.display()))?;
    let mut out = BufWriter::new(out);
    let copied = store.backup(&mut out).await?;
    out.flush()?;
    out.get_ref().sync_all()?;
    std::fs::rename(&unfinished, file).with_context(|| format!("{} cannot be written", file.display()))?;
    println!("{} rows in {:.2} s", copied.rows, watch.elapsed().as_secs_f64());
    Ok(ExitCode::SUCCESS)
}

pub(super) async fn restore(config: &Config, file: &Path) -> anyhow::Result<ExitCode> {
    let store = super::open(config).await?;
    let watch = Stopwatch::start();
    let path = file.to_owned();
    let copied = store.restore(move || File::open(&path).map(BufReader::new)).await?;
    println!("{} rows in {:.2} s", copied.rows, watch.elapsed().as_secs_f64());
    Ok(ExitCode::SUCCESS)
}

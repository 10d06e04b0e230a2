//! The pipeline's threads, from the log to the output.

use std::collections::BTreeMap;
use std::io::{self, Read, Write};
use std::thread::{self, Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use flate2::Crc;

use crate::arguments::Arguments;
use crate::costs::Costs;
use crate::gzip;
use crate::log::Blocks;
use crate::stages;
use crate::supply::{Lent, Supplies};
use crate::threads;

/// A block in the pipeline, with its position in the log.
type Numbered<'a> = (u64, Lent<'a, Vec<u8>>);

/// The result of one run over the log.
pub(crate) struct Run {
    pub(crate) elapsed: Duration,
    pub(crate) lines: u64,
    pub(crate) costs: Costs,
    /// Length of the output in bytes.
    pub(crate) written: u64,
    /// A checksum of the JSON. The compressed bytes differ between runs: they depend on how much spare
    /// capacity the compressor finds.
    pub(crate) checksum: u32,
}

impl Run {
    /// Sends a log through the pipeline.
    ///
    /// # Errors
    ///
    /// The log cannot be read, the output cannot be written, or a thread cannot be spawned.
    pub(crate) fn of(
        arguments: &Arguments,
        supplies: &Supplies,
        log: impl Read + Send,
        mut output: impl Write,
    ) -> io::Result<Self> {
        let start = Instant::now();
        let threads = arguments.threads;
        // The channels are bounded: a stage that is ahead waits, which limits the blocks in flight.
        let (blocks_in, blocks) = bounded(2 * threads as usize);
        let (json_in, json) = bounded(2 * threads as usize);
        let (packed_in, packed) = bounded(2 * threads as usize);
        thread::scope(|scope| {
            let mut stages = vec![spawn(scope, move || read(log, supplies, &blocks_in))?];
            for _ in 0..threads {
                let (blocks, json_in) = (blocks.clone(), json_in.clone());
                stages.push(spawn(scope, move || parse_and_encode(&blocks, supplies, &json_in))?);
                let (json, packed_in) = (json.clone(), packed_in.clone());
                stages.push(spawn(scope, move || compress(&json, supplies, &packed_in))?);
            }
            // Only the threads' own ends remain, so each stage ends once all threads of the previous one
            // have ended.
            drop((blocks, json_in, json, packed_in));

            let mut costs = Costs::default();
            let written = write(packed, &mut output, &mut costs);
            let mut lines = 0;
            for stage in stages {
                let (its_costs, its_lines) =
                    stage.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
                costs += its_costs;
                lines += its_lines;
            }
            let (written, checksum) = written?;
            Ok(Self { elapsed: start.elapsed(), lines, costs, written, checksum })
        })
    }
}

/// A thread's costs, and the number of lines if it parses.
type Outcome = io::Result<(Costs, u64)>;

/// If spawning fails, the channel ends are dropped, which ends the threads that already run.
fn spawn<'scope>(
    scope: &'scope Scope<'scope, '_>,
    stage: impl FnOnce() -> Outcome + Send + 'scope,
) -> io::Result<ScopedJoinHandle<'scope, Outcome>> {
    thread::Builder::new().spawn_scoped(scope, stage).map_err(threads::no_thread)
}

fn read<'a>(log: impl Read, supplies: &'a Supplies, blocks: &Sender<Numbered<'a>>) -> Outcome {
    let mut costs = Costs::default();
    let mut log = Blocks::new(log, supplies.block);
    for number in 0.. {
        let next = costs.read.of(|| {
            let mut block = supplies.blocks.get();
            let any = log.next(&mut block)?;
            io::Result::Ok(any.then_some(block))
        })?;
        let Some(block) = next else { break };
        if blocks.send((number, block)).is_err() {
            break;
        }
    }
    Ok((costs, 0))
}

fn parse_and_encode<'a>(
    blocks: &Receiver<Numbered<'a>>,
    supplies: &'a Supplies,
    json: &Sender<Numbered<'a>>,
) -> Outcome {
    let (mut costs, mut lines) = (Costs::default(), 0);
    for (number, block) in blocks {
        let (encoded, its_lines) = stages::parse_and_encode(block, supplies, &mut costs)?;
        lines += its_lines;
        if json.send((number, encoded)).is_err() {
            break;
        }
    }
    Ok((costs, lines))
}

fn compress<'a>(
    json: &Receiver<Numbered<'a>>,
    supplies: &'a Supplies,
    packed: &Sender<Numbered<'a>>,
) -> Outcome {
    let mut costs = Costs::default();
    for (number, block) in json {
        let compressed = stages::compress(block, supplies, &mut costs)?;
        if packed.send((number, compressed)).is_err() {
            break;
        }
    }
    Ok((costs, 0))
}

/// Writes the blocks in the order of the log. Returns their total length, and a checksum of their
/// uncompressed contents. Takes the receiver by value, so that the other threads end if this fails.
fn write(
    packed: Receiver<Numbered<'_>>,
    output: &mut impl Write,
    costs: &mut Costs,
) -> io::Result<(u64, u32)> {
    let (mut length, mut checksum) = (0, Crc::new());
    let (mut early, mut next) = (BTreeMap::new(), 0);
    for (number, block) in packed {
        early.insert(number, block);
        while let Some(block) = early.remove(&next) {
            output.write_all(&block)?;
            length += block.len() as u64;
            checksum.update(gzip::trailer(&block));
            costs.gzip.of(|| drop(block));
            next += 1;
        }
    }
    output.flush()?;
    Ok((length, checksum.sum()))
}

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

/// A block on its way, and its place in the log.
type Numbered<'a> = (u64, Lent<'a, Vec<u8>>);

/// What came of a run over the log.
pub(crate) struct Run {
    pub(crate) elapsed: Duration,
    pub(crate) lines: u64,
    pub(crate) costs: Costs,
    /// How long the output is.
    pub(crate) written: u64,
    /// A checksum of the JSON in it. The output itself differs: how some of it is compressed depends on how
    /// much room the compressor finds at once.
    pub(crate) checksum: u32,
}

impl Run {
    /// Sends a log through the pipeline.
    ///
    /// # Errors
    ///
    /// It cannot be read, the output cannot be written, or a thread cannot be started.
    pub(crate) fn of(
        arguments: &Arguments,
        supplies: &Supplies,
        log: impl Read + Send,
        mut output: impl Write,
    ) -> io::Result<Self> {
        let start = Instant::now();
        let threads = arguments.threads;
        // A stage that is ahead waits, so that no more blocks are under way than these.
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
            // What is left are the threads' own: the last of a stage to end, ends the next.
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

/// What a thread spent, and the lines it has seen first.
type Outcome = io::Result<(Costs, u64)>;

/// If the system has no more threads, the channels' ends go, and with them the threads that there are.
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

/// Writes the blocks in the order of the log. Returns how long they are, and a checksum of what is in them.
/// Takes the channel, so that the others end if this fails.
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

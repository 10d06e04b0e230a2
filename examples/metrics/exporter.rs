//! A pool's statistics as Prometheus metrics.

use std::fmt;
use std::sync::Arc;

use pooldeque::Pool;
use pooldeque::pool::Stats;
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text;
use prometheus_client::encoding::{DescriptorEncoder, EncodeMetric};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::Registry;

/// Content type of [`Exporter::text`].
pub(crate) const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// A buffer pool with its name in the metrics.
pub(crate) type Named = (&'static str, Arc<Pool<Vec<u8>>>);

/// The metrics of some pools.
pub(crate) struct Exporter(Registry);

impl Exporter {
    pub(crate) fn new(pools: Vec<Named>) -> Self {
        let mut registry = Registry::with_prefix("pooldeque");
        registry.register_collector(Box::new(Pools(pools)));
        Self(registry)
    }

    /// All metrics with their current values.
    ///
    /// # Errors
    ///
    /// Those of the encoder.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        text::encode(&mut text, &self.0)?;
        Ok(text)
    }
}

/// Reads the pools' statistics on each scrape; between scrapes it does nothing.
#[derive(Debug)]
struct Pools(Vec<Named>);

/// A name, what it counts, the label that distinguishes its counts, and how to read them.
type Family = (&'static str, &'static str, Option<&'static str>, fn(&Stats) -> Vec<(&'static str, u64)>);

const FAMILIES: [Family; 7] = [
    ("gets", "Gets", None, |stats| vec![("", stats.gets())]),
    ("hits", "Gets that found an idle value, by its source", Some("source"), |stats| {
        let hits = stats.hits;
        vec![("private", hits.private), ("own", hits.own), ("stolen", hits.stolen), ("victim", hits.victim)]
    }),
    ("misses", "Gets that found no idle value", None, |stats| vec![("", stats.misses)]),
    ("puts", "Values returned to the pool", None, |stats| vec![("", stats.puts)]),
    ("prefilled", "Values created in advance", None, |stats| vec![("", stats.prefilled)]),
    ("drops", "Values dropped, by cause", Some("cause"), |stats| {
        let drops = stats.drops;
        vec![
            ("rejected", drops.rejected),
            ("full", drops.full),
            ("aged", drops.aged),
            ("cleared", drops.cleared),
        ]
    }),
    ("ticks", "Ticks", None, |stats| vec![("", stats.ticks)]),
];

impl Collector for Pools {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let stats: Vec<(&str, Stats)> = self.0.iter().map(|(name, pool)| (*name, pool.stats())).collect();
        for (name, help, label, counts) in FAMILIES {
            let mut family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
            for (pool, stats) in &stats {
                for (value, count) in counts(stats) {
                    let mut labels = vec![("pool", *pool)];
                    labels.extend(label.map(|label| (label, value)));
                    ConstCounter::new(count).encode(family.encode_family(&labels)?)?;
                }
            }
        }
        let mut idle = encoder.encode_descriptor("idle", "Idle values", None, MetricType::Gauge)?;
        for (pool, stats) in &stats {
            ConstGauge::new(stats.idle).encode(idle.encode_family(&[("pool", *pool)])?)?;
        }
        Ok(())
    }
}

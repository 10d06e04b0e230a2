//! Durations in few words.

use std::time::Duration;

/// A duration.
pub(crate) fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 59.95 {
        return format!("{seconds:.1} s");
    }
    let seconds = seconds.round() as u64;
    if seconds < 3600 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60)
    }
}

/// So many seconds, if there are any.
pub(crate) fn time(seconds: Option<f64>) -> String {
    let duration_of = |seconds| Duration::try_from_secs_f64(seconds).ok().map(duration);
    seconds.and_then(duration_of).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_change_their_unit_where_they_should() {
        let times = [0.04, 59.9, 59.97, 754.4, 7384.0].map(|seconds| time(Some(seconds)));
        assert_eq!(times, ["0.0 s", "59.9 s", "1 min 00 s", "12 min 34 s", "2 h 03 min"]);
        assert_eq!((time(None), time(Some(-1.0))), (String::new(), String::new()));
    }
}

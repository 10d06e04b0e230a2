//! The chart: a panel a row, a bar a subject.

use std::path::Path;

use anyhow::Result;
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::results::{Measured, Results};

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const WIDTH: u32 = 1000;
/// A panel is as high as its bars need, and no less than this.
const PANEL_HEIGHT: u32 = 300;
const BAR_HEIGHT: u32 = 17;
const TITLE_HEIGHT: u32 = 32;
const MARGIN: u32 = 8;
const OURS: RGBColor = RGBColor(0xd0, 0x5a, 0x1e);
const ALSO_OURS: RGBColor = RGBColor(0xe8, 0xa2, 0x3d);
const PEER: RGBColor = RGBColor(0x7d, 0x95, 0xad);
const NO_PEER: RGBColor = RGBColor(0xc4, 0xc9, 0xce);

/// Draws the rows that were measured.
pub(super) fn save(path: &Path, results: &Results) -> Result<()> {
    let suite = results.suite();
    let measured = |rows: &'static [String]| -> Vec<&'static String> {
        rows.iter().filter(|row| !results.row(row).is_empty()).collect()
    };
    let (rows, lines) = (measured(&suite.bars), measured(&suite.lines));
    let panels = rows.len() + lines.len();
    let most_bars = rows.iter().map(|row| results.row(row).len() as u32).max().unwrap_or(0);
    let panel_height = PANEL_HEIGHT.max(TITLE_HEIGHT + MARGIN + BAR_HEIGHT * most_bars);
    let height = panel_height * panels.div_ceil(2).max(1) as u32;
    let root = SVGBackend::new(path, (WIDTH, height)).into_drawing_area();
    root.fill(&WHITE)?;
    let areas = root.split_evenly((panels.div_ceil(2).max(1), 2));
    for (area, row) in areas.iter().zip(rows.iter().chain(&lines)) {
        let title = suite.rows.iter().find(|it| it[0] == **row);
        let title = title.map_or(String::new(), |[_, what, unit]| format!("{what} ({unit})"));
        area.draw(&Text::new(title, (12, 10), ("sans-serif", 14).into_font().color(&BLACK)))?;
        let inner = area.margin(TITLE_HEIGHT, MARGIN, 12, 12);
        if lines.contains(row) {
            draw_growth(&inner, &results.row(row), &suite.in_lines)?;
        } else {
            draw_bars(&inner, &results.row(row))?;
        }
    }
    root.present()?;
    Ok(())
}

/// A bar a subject, the fastest on top. Bars far longer than ours are cut off; their figure is not.
fn draw_bars(area: &Area<'_>, row: &[Measured<'_>]) -> Result<()> {
    const NAMES_WIDTH: i32 = 190;
    const FIGURES_WIDTH: i32 = 60;
    let (width, height) = area.dim_in_pixel();
    let room = width as i32 - NAMES_WIDTH - FIGURES_WIDTH;
    let slowest_of_ours = row.iter().filter(|it| it.is_ours()).map(|it| it.nanoseconds).fold(0.0, f64::max);
    let slowest = row.iter().map(|it| it.nanoseconds).fold(0.0, f64::max);
    let full = if slowest_of_ours > 0.0 { slowest.min(3.0 * slowest_of_ours) } else { slowest };
    let step = (height as i32 / row.len() as i32).min(26);
    let font = ("sans-serif", 12).into_font();
    for (place, measured) in (0..).zip(row) {
        let (top, middle) = (place * step, place * step + step / 2);
        let length = (f64::from(room) * (measured.nanoseconds / full).min(1.0)).round() as i32;
        let color = color(measured);
        let end = NAMES_WIDTH + length;
        area.draw(&Rectangle::new([(NAMES_WIDTH, top + 3), (end, top + step - 3)], color.filled()))?;
        let right = font.color(&BLACK).pos(Pos::new(HPos::Right, VPos::Center));
        area.draw(&Text::new(measured.subject.to_owned(), (NAMES_WIDTH - 6, middle), right))?;
        let cut = if measured.nanoseconds > full { "→ " } else { "" };
        let left = font.color(&BLACK).pos(Pos::new(HPos::Left, VPos::Center));
        area.draw(&Text::new(format!("{cut}{:.1}", measured.nanoseconds), (end + 5, middle), left))?;
    }
    Ok(())
}

fn color(measured: &Measured<'_>) -> RGBColor {
    if measured.is_ours() {
        OURS
    } else if measured.is_peer() {
        PEER
    } else {
        NO_PEER
    }
}

/// A line a subject over the sizes.
fn draw_growth(area: &Area<'_>, row: &[Measured<'_>], subjects: &'static [String]) -> Result<()> {
    let sizes = || row.iter().filter_map(|measured| measured.size);
    let (least, most) = (sizes().min().unwrap_or(1), sizes().max().unwrap_or(10));
    let slowest = row.iter().map(|measured| measured.nanoseconds).fold(0.0, f64::max);
    let mut chart = ChartBuilder::on(area)
        .margin_right(16)
        .x_label_area_size(24)
        .y_label_area_size(36)
        .build_cartesian_2d((least as f64..most as f64).log_scale(), 0.0..1.6 * slowest)?;
    chart
        .configure_mesh()
        .disable_x_mesh()
        .x_label_formatter(&|size| format!("{size:.0e}"))
        .y_label_formatter(&|nanoseconds| format!("{nanoseconds:.0}"))
        .light_line_style(WHITE)
        .y_labels(6)
        .draw()?;
    let colors = [OURS, ALSO_OURS, PEER, NO_PEER];
    for (subject, color) in subjects.iter().zip(colors) {
        let points = row.iter().filter(|measured| measured.subject == subject.as_str());
        let points: Vec<_> =
            points.map(|measured| (measured.size.unwrap_or(1) as f64, measured.nanoseconds)).collect();
        if points.is_empty() {
            continue;
        }
        chart.draw_series(points.iter().map(|point| Circle::new(*point, 3, color.filled())))?;
        chart
            .draw_series(LineSeries::new(points, color.stroke_width(2)))?
            .label(subject.as_str())
            .legend(move |(x, y)| Rectangle::new([(x, y - 2), (x + 14, y + 2)], color.filled()));
    }
    let legend_font = ("sans-serif", 12).into_font();
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperRight)
        .label_font(legend_font)
        .background_style(WHITE)
        .draw()?;
    Ok(())
}

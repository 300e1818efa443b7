//! Texts in columns, for people who read them in a terminal.

/// Rows under their heads, each column as wide as its widest text.
pub(super) fn table<const N: usize>(
    head: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> String {
    let mut rows: Vec<[String; N]> = rows.collect();
    rows.insert(0, head.map(str::to_owned));
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let widths: Vec<_> = (0..N)
        .map(|column| width(column).unwrap_or_default())
        .collect();
    let line = |row: &[String; N]| {
        let cells = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Facts under each other, each behind what it is.
pub(super) fn details(facts: &[(&str, String)]) -> String {
    let width = facts
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or_default();
    let lines = facts
        .iter()
        .map(|(name, fact)| format!("{name:width$}  {fact}"));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_as_wide_as_its_widest_text_and_lines_end_with_theirs() {
        let rows = [["a", "é"], ["long", "-"]].map(|row| row.map(str::to_owned));
        let drawn = table(&["NAME", "X"], rows.into_iter());
        assert_eq!(drawn, "NAME  X\na     é\nlong  -");
    }
}

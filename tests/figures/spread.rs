//! What many measurements of one thing say: the middle of them, and what nineteen in twenty stay below.

/// Times in milliseconds, as the page measured them.
pub struct Spread(Vec<f64>);

impl Spread {
    /// Orders the measurements; there must be one.
    pub fn of(mut millis: Vec<f64>) -> Self {
        assert!(!millis.is_empty(), "nothing was measured");
        millis.sort_by(f64::total_cmp);
        Self(millis)
    }

    /// Prints the 95th percentile as the figure, and the middle below it.
    pub fn print(&self, figure: &str) {
        println!("{figure}\t{:.1}\tms", self.percentile(95));
        println!("  … half of {} within\t{:.1}\tms", self.0.len(), self.percentile(50));
    }

    fn percentile(&self, percent: usize) -> f64 {
        self.0[(self.0.len() * percent).div_ceil(100).max(1) - 1]
    }
}

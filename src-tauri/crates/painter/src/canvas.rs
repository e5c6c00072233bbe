//! How large the model paints: its own small grid.

/// Pixels of a place, along each side.
const PIXELS: u32 = 8;
/// Numbers that the model has for each place.
pub(crate) const LATENTS: usize = 24;

/// A grid of places, each 8 × 8 pixels; both sides are even.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Canvas {
    /// Places from left to right.
    pub width: u32,
    /// Places from top to bottom.
    pub height: u32,
}

impl Canvas {
    /// What the model was trained on. On a wider grid it paints too, but a cat becomes as long as the grid.
    pub const TRAINED: Self = Self { width: 8, height: 8 };

    /// Pixels from left to right and from top to bottom.
    pub fn pixels(self) -> (u32, u32) {
        (self.width * PIXELS, self.height * PIXELS)
    }

    /// Numbers of all places.
    pub(crate) fn latents(self) -> usize {
        LATENTS * self.places().0 * self.places().1
    }

    /// From top to bottom and from left to right, as the model counts.
    pub(crate) fn places(self) -> (usize, usize) {
        (self.height as usize, self.width as usize)
    }
}

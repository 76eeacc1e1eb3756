pub mod analyzer;
pub mod article;
pub mod hits;
pub mod layers;
pub mod plan;
pub mod problem;
pub mod schema;

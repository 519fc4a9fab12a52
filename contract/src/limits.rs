//! Every bound of the reader: what it counts, its default, and why that default.
//!
//! A document may come from anywhere. Within these bounds time and memory are linear in the bytes
//! read, and the stack does not grow with the document.

/// What reading a document may cost. A document past a bound is refused with a located finding.
///
/// ```
/// let limits = contract::Limits { max_depth: 32, ..contract::Limits::default() };
/// assert_eq!(limits.max_file_bytes, 64 << 20);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file. Default 64 MiB: ten times a 200 000-line document, and little enough to
    /// be held in memory twice (as text and as nodes). More than 1 GiB counts as 1 GiB.
    pub max_file_bytes: usize,
    /// Bytes of all files together. Default 256 MiB; more than 1 GiB counts as 1 GiB, because
    /// places are 32-bit offsets.
    pub max_total_bytes: usize,
    /// Files that are opened or looked for, the document itself among them. Default 256: large
    /// contracts have dozens; a document that names a file per line must not cost a disk access
    /// per line.
    pub max_files: usize,
    /// Nodes (scalars, lists, objects) of all files together. Default 4 million: a 200 000-line
    /// document has 0.4 million; at about 50 bytes each this bounds the tree to some 200 MB.
    pub max_nodes: usize,
    /// Lists and objects inside each other, YAML aliases followed. Default 128: hand-written
    /// documents stay below 40, other JSON readers stop at about the same depth, and code that
    /// walks a tree recursively is safe on a small stack.
    pub max_depth: usize,
    /// Nodes that YAML aliases and merge keys would add if each were replaced by a copy of what it
    /// names. Default 1 million: nothing is copied here, but who walks the document meets every
    /// node as often as it is named, and nine lines can name one a billion times.
    pub max_aliased_nodes: u64,
    /// Findings about the notation of one file (YAML or JSON). Default 100: the rest is seldom
    /// read, and a binary file has one per byte.
    pub max_findings_per_file: usize,
    /// References that one reference may pass through on its way because pointers lead through
    /// other references. Default 64; plain chains of references are not bounded.
    pub max_reference_depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_file_bytes: 64 << 20,
            max_total_bytes: 256 << 20,
            max_files: 256,
            max_nodes: 4_000_000,
            max_depth: 128,
            max_aliased_nodes: 1_000_000,
            max_findings_per_file: 100,
            max_reference_depth: 64,
        }
    }
}

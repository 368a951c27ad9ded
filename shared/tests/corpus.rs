//! What fuzzing began with and what it found, through the same functions as in the fuzzer, and small damage beside it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed, helpers included")]

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::path::Path;

use rand_chacha::ChaCha8Rng;
use rand_core::{RngCore, SeedableRng};

/// How often each file is damaged and tried again.
const DAMAGES: u64 = 8;

#[test]
fn whatever_the_bytes_every_decoder_holds_what_it_promises() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, target) in targets::ALL {
        let mut files: Vec<_> =
            std::fs::read_dir(corpus.join(name)).unwrap().map(|file| file.unwrap().path()).collect();
        files.sort();
        assert!(!files.is_empty(), "{name} has nothing to begin with");
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            println!("{}", file.display());
            target(&bytes);
            for seed in 0..DAMAGES {
                println!("damaged with seed {seed}");
                target(&damaged(bytes.clone(), &mut ChaCha8Rng::seed_from_u64(seed)));
            }
        }
    }
}

/// Changes a few bytes, or cuts the end off, or repeats a part.
fn damaged(mut bytes: Vec<u8>, rng: &mut ChaCha8Rng) -> Vec<u8> {
    let place = |rng: &mut ChaCha8Rng, length: usize| rng.next_u32() as usize % length.max(1);
    match rng.next_u32() % 4 {
        0 => bytes.truncate(place(rng, bytes.len())),
        1 => bytes.extend_from_within(place(rng, bytes.len())..),
        _ => {
            for _ in 0..=rng.next_u32() % 3 {
                let at = place(rng, bytes.len());
                if let Some(byte) = bytes.get_mut(at) {
                    *byte ^= 1 << (rng.next_u32() % 8);
                }
            }
        }
    }
    bytes
}

"""The published spec as an object of judgement: audited, held against everything seen, and asked by chance."""

/** Which class each member chooses for each example. */
export class Votes {
  readonly members: Int32Array[] = [];
  readonly #examples: number;
  readonly #classes: number;

  constructor(examples: number, classes: number) {
    this.#examples = examples;
    this.#classes = classes;
  }

  /** A member's choices; −1 where it says NaN: no vote. */
  add(choices: Int32Array): void {
    this.members.push(choices);
  }

  /** How many members chose each class for an example. */
  counts(example: number): Uint32Array {
    const counts = new Uint32Array(this.#classes);
    for (const choices of this.members) if (choices[example] >= 0) counts[choices[example]]++;
    return counts;
  }

  /**
   * The class with most votes of each example; of several, the one that `scores` of that example ranks
   * highest, and of these the first. −1 where nobody voted.
   */
  winners(scores: (example: number) => ArrayLike<number>): Int32Array {
    return Int32Array.from({ length: this.#examples }, (_, example) => {
      const counts = this.counts(example);
      const most = Math.max(...counts);
      if (most === 0) return -1;
      const tied = [...counts.keys()].filter((one) => counts[one] === most);
      if (tied.length === 1) return tied[0];
      const score = scores(example);
      return tied.reduce((best, one) => (score[one] > score[best] ? one : best));
    });
  }

  /** −Σ s log s of the shares s of the votes: 0 where all agree. */
  entropy(example: number): number {
    const counts = this.counts(example);
    const voters = counts.reduce((sum, count) => sum + count, 0);
    return counts.reduce((sum, count) => {
      const share = count / voters;
      return count > 0 ? sum - share * Math.log(share) : sum;
    }, 0);
  }
}

import { DataError } from "./DataError";

interface Waiting<Value> {
  readonly key: string;
  readonly resolve: (value: Value) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Asks together for what is asked for one by one at about the same time, as the parts of a page that come into sight do. What
 * the answer lacks is not found.
 */
export class Gathered<Value> {
  private waiting: Waiting<Value>[] = [];

  /**
   * @param countMax the most that `fetchAll` takes.
   * @param pause milliseconds to wait for others.
   */
  constructor(
    private readonly fetchAll: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
    private readonly countMax: number, private readonly pause: number,
  ) {}

  fetch(key: string): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, resolve, reject });
      if (this.waiting.length === 1) {
        setTimeout(() => this.ask(), this.pause);
      }
    });
  }

  private ask(): void {
    const all = this.waiting;
    this.waiting = [];
    for (let start = 0; start < all.length; start += this.countMax) {
      void this.answer(all.slice(start, start + this.countMax));
    }
  }

  private async answer(asked: readonly Waiting<Value>[]): Promise<void> {
    try {
      const values = await this.fetchAll(asked.map(({ key }) => key));
      for (const { key, resolve, reject } of asked) {
        const value = values.get(key);
        if (value === undefined) {
          reject(new DataError("notFound", "It is not there."));
        } else {
          resolve(value);
        }
      }
    } catch (error) {
      asked.forEach(({ reject }) => reject(error));
    }
  }
}

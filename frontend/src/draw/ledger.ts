import { type Answer, type Operation, Refused, type Server } from "./server";

/** What was drawn and is not saved: steps that can be taken back, each asked of the server first. */
export class Ledger {
  private steps: Operation[][] = [];
  private back: Operation[][] = [];
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly server: Server,
    private readonly show: (answer: Answer | null) => void,
    public revision: number,
  ) {}

  get count(): number {
    return this.steps.length;
  }

  get undone(): number {
    return this.back.length;
  }

  /** Do a step; rejects with Refused where the server would not. */
  push(step: Operation[]): Promise<Answer | null> {
    return this.next(async () => {
      const answer = await this.look([...this.steps, step]);
      this.steps.push(step);
      this.back = [];
      return answer;
    });
  }

  undo(): Promise<Answer | null> {
    return this.next(async () => {
      const last = this.steps[this.steps.length - 1];
      if (!last) return null;
      const answer = await this.look(this.steps.slice(0, -1));
      this.steps.pop();
      this.back.push(last);
      return answer;
    });
  }

  redo(): Promise<Answer | null> {
    return this.next(async () => {
      const last = this.back[this.back.length - 1];
      if (!last) return null;
      const answer = await this.look([...this.steps, last]);
      this.back.pop();
      this.steps.push(last);
      return answer;
    });
  }

  save(): Promise<Answer> {
    return this.next(async () => {
      const answer = await this.server.save(this.steps.flat(), this.revision);
      this.show(answer);
      this.revision = answer.revision;
      this.steps = [];
      this.back = [];
      return answer;
    });
  }

  /** Put the steps upon what others saved; those that do not fit are left out, and told. */
  rebase(revision: number): Promise<string[]> {
    return this.next(async () => {
      const dropped: string[] = [];
      const kept: Operation[][] = [];
      for (const step of this.steps) {
        try {
          await this.look([...kept, step]);
          kept.push(step);
        } catch (fault) {
          if (!(fault instanceof Refused)) throw fault;
          dropped.push(fault.message);
        }
      }
      if (dropped.length > 0 || kept.length === 0) await this.look(kept);
      this.steps = kept;
      this.back = [];
      this.revision = revision;
      return dropped;
    });
  }

  private async look(steps: Operation[][]): Promise<Answer | null> {
    const operations = steps.flat();
    const answer = operations.length > 0 ? await this.server.preview(operations) : null;
    this.show(answer);
    return answer;
  }

  /** One after the other: an answer that is overtaken would show what is not so. */
  private next<T>(act: () => Promise<T>): Promise<T> {
    const mine = this.turn.then(act);
    this.turn = mine.catch(() => undefined);
    return mine;
  }
}

import { hashText } from '../../hashing.ts';
import type { Decision, LogEvent } from '../../learner/log-event.ts';
import { TermIndex } from '../../term-index.ts';
import { contentWords } from '../../text.ts';
import { bestFirst, type Contender } from '../contender.ts';
import { Trails } from '../trails.ts';

/** The tool whose name and description match the request best by BM25; learns nothing from calls. */
export class DescriptionMatch implements Contender {
  readonly name = 'description match';
  readonly #trails = new Trails();
  readonly #index = new TermIndex();
  readonly #documents = new Map<string, number>();

  rank(decision: Decision): string[] {
    const { query } = this.#trails.stateOf(decision);
    const { scores } = this.#index.score(countsOf(query));
    return bestFirst(decision.available, (tool) => scores[this.#documents.get(tool) ?? -1] ?? 0);
  }

  observe(event: LogEvent): void {
    this.#trails.observe(event);
    if (event.kind === 'registration') this.#describe(event.tool, `${event.tool} ${event.description ?? ''}`);
    if (event.kind !== 'execution') return;
    for (const tool of [...(event.available ?? []), event.tool]) if (!this.#documents.has(tool)) this.#describe(tool, tool);
  }

  #describe(tool: string, text: string): void {
    const document = this.#documents.get(tool) ?? this.#documents.size;
    this.#documents.set(tool, document);
    this.#index.set(document, countsOf(text));
  }
}

function countsOf(text: string): Map<number, number> {
  const counts = new Map<number, number>();
  for (const term of contentWords(text).map(hashText)) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}

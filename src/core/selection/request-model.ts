import { choiceGradient, type FailureShape, softmax } from '../choice.ts';
import { ChangeDetector } from './change-detector.ts';
import { DescriptionMatch } from './description-match.ts';
import { LinearModel, type SavedLinear } from './linear-model.ts';
import { type SavedFailures, SimilarFailures } from './similar-failures.ts';
import { featuresOfText, type Sparse, TermWeights, type TextFeatures } from './text-features.ts';
import { newTool, startAnew, stepOffset, successRate, type ToolState } from './tool-state.ts';

/** Logits that a perfect match of the description is worth before anything is learned, and AdaGrad's step for it. */
const FIRST_STRENGTH = 10;
const STRENGTH_RATE = 0.1;
/** Failures are most of what is seen while the right tool is unknown, and some of them are wrong. */
const TEMPERED: FailureShape = Object.freeze({ weight: 1.5, cap: 0.25, spread: 0.3 });

/** A request seen with its candidates, as it was before its outcome. */
export interface Reading {
  readonly request: TextFeatures;
  readonly input: Sparse;
  /** Hashes of the names. */
  readonly candidates: readonly number[];
  readonly tools: readonly ToolState[];
  readonly numbers: Int32Array;
  /** Cosine of the request and each description, in [0, 1]. */
  readonly matches: Float64Array;
  readonly logits: Float64Array;
}

/** What a model knows, as it is stored; the descriptions are registered anew before it is loaded. */
export interface SavedRequestModel {
  readonly terms: ReturnType<TermWeights['save']>;
  readonly descriptions: ReturnType<DescriptionMatch['save']>;
  readonly linear: SavedLinear;
  readonly failures: SavedFailures;
  readonly changes: ReturnType<ChangeDetector['save']>;
  readonly tools: ReadonlyMap<number, ToolState>;
  readonly numbers: number;
  readonly strength: number;
  readonly strength_squares: number;
}

/**
 * Which tool a request wants, whatever was called before, learned from the outcomes of the tools that were called (a contextual bandit).
 * p = softmax over the candidates of z(a) = w(a)·x + b(a) + β·match(a): w is {@link LinearModel} over the request's words, pairs of words
 * and character n-grams, b an offset of the tool, the match {@link DescriptionMatch}. A failure is the likelihood of a complementary label
 * ({@link choiceGradient}). A tool whose successes collapse ({@link ChangeDetector}) starts anew.
 */
export class RequestModel {
  readonly #terms = new TermWeights();
  readonly #descriptions = new DescriptionMatch(this.#terms);
  readonly #linear = new LinearModel();
  readonly #failures = new SimilarFailures();
  readonly #changes = new ChangeDetector();
  #tools = new Map<number, ToolState>();
  #numbers = 0;
  #strength = FIRST_STRENGTH;
  #strength_squares = 0;
  /** The steps of a turn ask the same. */
  #latest: { readonly text: string; readonly features: TextFeatures } | null = null;

  /** @param tool hash of its name @param text what it says of itself */
  register(tool: number, text: string): void {
    this.#descriptions.register(tool, text);
    const known = this.#tools.get(tool);
    if (known !== undefined) known.distrusted = false;
  }

  /** What is known of the candidates for a request. Changes nothing. @param candidates hashes of their names */
  read(query: string, candidates: readonly number[]): Reading {
    const request = this.#featuresOf(query);
    const input = this.#terms.vector(request);
    const tools = candidates.map((tool) => this.#tools.get(tool) ?? newTool(-1));
    const numbers = Int32Array.from(tools, ({ number }) => number);
    const found = this.#descriptions.match(request);
    const matches = Float64Array.from(candidates, (tool, at) => (tools[at]?.distrusted === true ? 0 : (found.get(tool) ?? 0)));
    const logits = this.#linear.logits(input, numbers);
    for (const [at, tool] of tools.entries()) logits[at] = (logits[at] ?? 0) + tool.offset + this.#strength * (matches[at] ?? 0);
    return { request, input, candidates, tools, numbers, matches, logits };
  }

  /** ln P(similar requests have not ruled the candidate out), ≤ 0, in their order. */
  notRuledOut({ input, numbers }: Reading): Float64Array {
    return this.#failures.notRuledOut(input, numbers);
  }

  /** Gives each candidate weights of its own. @returns whether one had none: what was read before is then out of date */
  admit(candidates: readonly number[]): boolean {
    const before = this.#numbers;
    for (const tool of candidates) if (!this.#tools.has(tool)) this.#tools.set(tool, newTool(this.#numbers++));
    return this.#numbers > before;
  }

  /** Takes in how the chosen candidate went. @param reading as it is now, of candidates that were admitted @param chosen its position */
  learn({ request, input, candidates, tools, numbers, matches, logits }: Reading, seq: number, chosen: number, success: boolean): void {
    const tool = tools[chosen];
    if (tool === undefined) return;
    const p = softmax(logits);
    const gradient = choiceGradient(p, chosen, success, TEMPERED);
    const foreseen = Math.min(p[chosen] ?? 0, successRate(tool));
    if (this.#changes.observe(candidates[chosen] ?? 0, foreseen, success)) {
      startAnew(tool, this.#numbers++);
      numbers[chosen] = tool.number;
    }
    this.#linear.update(input, numbers, gradient);
    for (const [at, of] of tools.entries()) stepOffset(of, gradient[at] ?? 0);
    this.#stepStrength(gradient.reduce((sum, g, at) => sum + g * (matches[at] ?? 0), 0));
    this.#failures.remember(seq, input, tool.number, success);
    tool.calls++;
    tool.successes += Number(success);
    this.#terms.observe(request);
  }

  /** Turns the outcome of an earlier call around: one step as strong as a failure's. Forgotten calls and those before a change stay. */
  correct(seq: number, success: boolean): void {
    const call = this.#failures.correct(seq, success);
    const tool = call === undefined ? undefined : [...this.#tools.values()].find(({ number }) => number === call.tool);
    if (call === undefined || tool === undefined) return;
    const gradient = (success ? -1 : 1) * TEMPERED.weight * TEMPERED.cap;
    this.#linear.update(call.request, Int32Array.of(tool.number), Float64Array.of(gradient));
    stepOffset(tool, gradient);
    tool.successes += success ? 1 : -1;
  }

  save(): SavedRequestModel {
    return {
      terms: this.#terms.save(),
      descriptions: this.#descriptions.save(),
      linear: this.#linear.save(),
      failures: this.#failures.save(),
      changes: this.#changes.save(),
      tools: this.#tools,
      numbers: this.#numbers,
      strength: this.#strength,
      strength_squares: this.#strength_squares,
    };
  }

  load(saved: SavedRequestModel): void {
    this.#terms.load(saved.terms);
    this.#descriptions.load(saved.descriptions);
    this.#linear.load(saved.linear);
    this.#failures.load(saved.failures);
    this.#changes.load(saved.changes);
    this.#tools = new Map(Array.from(saved.tools, ([tool, state]) => [tool, { ...state }]));
    this.#numbers = saved.numbers;
    this.#strength = saved.strength;
    this.#strength_squares = saved.strength_squares;
  }

  #featuresOf(text: string): TextFeatures {
    if (this.#latest?.text !== text) this.#latest = { text, features: featuresOfText(text) };
    return this.#latest.features;
  }

  /** AdaGrad with 1 added to its root, so that the first outcomes do not swing the prior. */
  #stepStrength(gradient: number): void {
    this.#strength_squares += gradient * gradient;
    this.#strength -= (STRENGTH_RATE * gradient) / (1 + Math.sqrt(this.#strength_squares));
  }
}

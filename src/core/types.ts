/** How a piece of work ended, as the agent judged it. */
export type Outcome = 'success' | 'partial' | 'failure';

/** SHA-256 of the UTF-8 bytes of a text, as 64 lower-case hexadecimal digits (FIPS 180-4). */
export type Sha256 = (text: string) => string;

/** The next number of a stream that is uniform in [0, 1). */
export type Uniform = () => number;

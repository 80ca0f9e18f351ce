/** A text about errors ("Error handling guide", "error-free") is none. */
const ABOUT =
  '(?![ -](?:free|rates?|handling|handlers?|logs?|codes|messages|types|pages?|bars?|margins?|budgets?|boundar(?:y|ies)|correction)\\b)';
/** JSON that is no text: what it says is not in how it begins. */
const NO_JSON = '(?!\\s*[{[]\\s*[{["])';
/** Python, JavaScript, git, and what agents write themselves. */
const ERROR = new RegExp(
  `^${NO_JSON}\\s*["'[(<{*]*(?:(?:error|exception)\\b${ABOUT}|traceback \\(most recent call last\\)|fatal:|[a-z]*(?:error|exception): )`,
  'i',
);
const LONGEST = 400;

/** Whether a text begins as reports of errors do. Only its first 400 characters are looked at; JSON other than a text never does. */
export function beginsAsError(text: string): boolean {
  return ERROR.test(text.slice(0, LONGEST));
}

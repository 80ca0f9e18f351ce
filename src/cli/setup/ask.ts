import type { Client } from './clients.ts';

/** A client as it was found on this machine. */
export interface Detected {
  readonly client: Client;
  readonly file: string;
  readonly is_installed: boolean;
  /** Whether toolwise is in its file already. */
  readonly is_set_up: boolean;
}

/** Whether a person can be asked. */
export function atTerminal(): boolean {
  return process.stdin.isTTY === true && process.stdout.isTTY === true;
}

/** Asks yes or no; leaving the question is a no. */
export async function confirm(question: string): Promise<boolean> {
  const prompts = await import('@clack/prompts');
  const answer = await prompts.confirm({ message: question });
  return answer === true;
}

/** Which of the clients; none when the question is left. */
export async function chooseClients(detected: readonly Detected[]): Promise<readonly Client[]> {
  const prompts = await import('@clack/prompts');
  const offered = detected.filter(({ is_installed }) => is_installed);
  const answer = await prompts.multiselect({
    message: 'Which clients should get toolwise?',
    options: offered.map(({ client, file, is_set_up }) => ({
      value: client.name,
      label: client.title,
      hint: is_set_up ? `there already: ${file}` : file,
    })),
    initialValues: offered.filter(({ is_set_up }) => !is_set_up).map(({ client }) => client.name),
    required: false,
  });
  if (prompts.isCancel(answer)) return [];
  return offered.flatMap(({ client }) => (answer.includes(client.name) ? [client] : []));
}

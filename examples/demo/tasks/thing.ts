import type { Thing } from './intent.ts';

const TOPICS = ['budget', 'roadmap', 'hiring', 'travel', 'office', 'pricing', 'launch', 'audit', 'training', 'survey', 'contract'];
const FIRST_NAMES = ['Ada', 'Bo', 'Cleo', 'Dag', 'Edith', 'Finn', 'Greta', 'Hugo', 'Ines', 'Jan', 'Karin', 'Leo', 'Mona'];
const LAST_NAMES = [
  'Abel',
  'Brandt',
  'Costa',
  'Dahl',
  'Egger',
  'Fuchs',
  'Gruber',
  'Holm',
  'Ibsen',
  'Jansen',
  'Klein',
  'Lund',
  'Moser',
  'Novak',
  'Olsen',
  'Peters',
  'Quist',
];
const COMPANIES = ['Northwind', 'Contoso', 'Fabrikam', 'Tailspin', 'Litware'];
const DRINKS = ['tea', 'coffee', 'cocoa'];
const LANGUAGES = ['Danish', 'Polish', 'Italian', 'Turkish'];
// The only ones that server-everything knows.
const CITIES = ['New York', 'Chicago', 'Los Angeles'];

/** What task number `number` (from 1 to 221, where the names begin to repeat) is about. */
export function thingOf(number: number): Thing {
  const topic = pick(TOPICS, number);
  const [first_name, last_name] = [pick(FIRST_NAMES, number), pick(LAST_NAMES, number)];
  return {
    number,
    topic,
    file: `notes/${topic}-${number}.md`,
    other_file: `notes/${pick(TOPICS, number - 1)}-${number - 1}.md`,
    missing_file: `notes/${topic}-draft-${number}.md`,
    new_file: `notes/summary-${number}.md`,
    folder: `projects/team-${number % 4}`,
    picture: `pictures/photo-${number % 7}.png`,
    report: `reports/week-${number}.md`,
    minutes: `minutes/meeting-${number}`,
    private_file: `../private/salaries-${number}.md`,
    person: `${first_name} ${last_name}`,
    company: pick(COMPANIES, number),
    drink: pick(DRINKS, number),
    newcomer: `${first_name} van ${last_name}`,
    language: pick(LANGUAGES, number),
    city: pick(CITIES, number),
    report_node: `report of week ${number}`,
  };
}

/** `What does {file} say?` with the thing's entries put in. */
export function requestText(ask: string, thing: Thing): string {
  const entries = new Map<string, string | number>(Object.entries(thing));
  return ask.replace(/\{(\w+)\}/g, (slot, name: string) => String(entries.get(name) ?? slot));
}

function pick(list: readonly string[], number: number): string {
  return list[number % list.length] ?? '';
}

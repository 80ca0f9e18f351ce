import { type Command, type CommandCall, JSON_OPTION } from '../command.ts';
import { diagnoseSettings } from '../configure.ts';
import { print } from '../output.ts';
import { styleOfOutput, withProgress } from '../terminal.ts';

/** Says whether everything is in order, and mends what can be mended. */
export const doctorCommand: Command = {
  name: 'doctor',
  about: 'check settings, file, log and learned values',
  details:
    'Learns the whole log again beside the database and compares every value. Writes nothing but one row that it removes again.\n' +
    'With --repair, values that differ are replaced by what the log teaches; before that the database is copied to a file beside it.\n' +
    'The exit code is 0 when everything is in order, 1 when something was found.',
  arguments: [],
  options: [{ flag: '--repair', about: 'learn the values again from the log if they differ' }, JSON_OPTION],
  run: doctor,
};

async function doctor({ given, options }: CommandCall): Promise<number> {
  const { canBeRepaired, examine } = await import('../doctor/examine.ts');
  const { isBad } = await import('../doctor/finding.ts');
  const { examinationText } = await import('../doctor/doctor-text.ts');
  const { repairWithBackup } = await import('../doctor/repair.ts');
  const isJson = options.has('--json');
  const diagnosis = diagnoseSettings(given);
  const first = await withProgress('events', (tell) => examine(diagnosis, tell));
  const { configuration } = diagnosis;
  const repairs = options.has('--repair') && configuration !== null && canBeRepaired(first);
  if (!isJson) print(examinationText(first, styleOfOutput()));
  const backup = repairs ? await withProgress('events', (tell) => repairWithBackup(configuration, Date.now(), tell)) : null;
  if (!isJson && backup !== null) print(`\nRepaired. The database as it was is ${backup}\n`);
  const last = backup === null ? first : await withProgress('events', (tell) => examine(diagnosis, tell));
  if (isJson)
    print(
      JSON.stringify(
        { ...last, is_clean: !last.findings.some(isBad), repaired: backup === null ? null : { backup, before: first } },
        null,
        2,
      ),
    );
  else if (backup !== null) print(examinationText(last, styleOfOutput()));
  else if (options.has('--repair')) print('There was nothing to repair.');
  return last.findings.some(isBad) ? 1 : 0;
}

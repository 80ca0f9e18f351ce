/** Whether the faults are produced in full numbers (`npm run test:faults`) or in the small ones of `npm test`. */
export const isLong = process.env['TOOLWISE_LONG'] !== undefined;

import { Failure } from '@nx-debian-image/report';
import { type Answer, parseLine, renderLine } from './answer.ts';
import { decidedLater, plannedAnswers, type PreseedPlan, unattended } from './answers.ts';

/**
 * The preseed file that has debian-installer make an image without a question: whole disk, one primary partition with ext4 and no swap,
 * GRUB, no user and no password, off at the end. What configure does anyway (accounts, host name, language) stays as simple as can be.
 * Fails as `invalid` where a line of `install.installer.preseed` contradicts image.json.
 */
export function planPreseed(plan: PreseedPlan): string {
  const answers = plannedAnswers(plan);
  const own = (plan.image.install.installer?.preseed ?? []).map((line, index) => {
    const answer = parseLine(line);
    const where = `image.json: install.installer.preseed[${index}]`;
    if (answer === undefined) {
      const hint = 'A line is OWNER QUESTION TYPE VALUE, such as "d-i clock-setup/ntp boolean true".';
      throw new Failure('invalid', `"${line}" is no line of a preseed file`, { where, hint });
    }
    requireNoContradiction(answer, answers, where);
    return answer;
  });
  const said = new Set(own.map(({ question }) => question));
  return [...answers.filter(({ question }) => !said.has(question)), ...own].map(renderLine).join('');
}

function requireNoContradiction(own: Answer, answers: readonly Answer[], where: string): void {
  const planned = [...answers, ...decidedLater].find(({ question }) => question === own.question);
  if (planned?.field === undefined || planned.value === own.value) return;
  const { field } = planned;
  throw new Failure('invalid', `${own.question} is decided by ${field}`, {
    where,
    hint: field === unattended ? 'Leave the line out.' : `Leave the line out, and set ${field} in image.json.`,
  });
}

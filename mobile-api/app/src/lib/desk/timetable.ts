// Versions of the timetable as the desk shows them. Pure.
import type { TimetablesQuery } from '../api/generated';

export type Version = NonNullable<TimetablesQuery['timetables']>[number];

/** Its state by shape besides the word. */
export const marks: Record<Version['state'], string> = { DRAFT: '◌', PROPOSED: '▲', PUBLISHED: '●', SUPERSEDED: '○' };

export const stateWord = <S extends Version['state']>(state: S) => `version.${state}` as const;

/** The version to show where none is named: the newest proposal, else the published one, else the newest. */
export const shown = (versions: readonly Version[], id: string | null): Version | undefined =>
  versions.find((version) => version.id === id) ??
  versions.find(({ state }) => state === 'PROPOSED') ??
  versions.find(({ state }) => state === 'PUBLISHED') ??
  versions[0];

/** What can be made the published one again: it was published before. */
export const canRollBack = ({ state, publishedAt }: Pick<Version, 'state' | 'publishedAt'>): boolean => state === 'SUPERSEDED' && publishedAt !== null;

// Everybody who can be found: the whole lists, kept on this device, and how they are looked through.
import type { ArtistsQuery, BuyersQuery, ExhibitorsQuery } from './api/generated';
import { fold, holds } from './fold';
import { whole, type Reading } from './store/reading.svelte';

export type Exhibitor = ExhibitorsQuery['exhibitors']['edges'][number]['node'];
export type Artist = ArtistsQuery['artists']['edges'][number]['node'];
export type Buyer = NonNullable<BuyersQuery['buyers']>['edges'][number]['node'];

export const exhibitors = (): Reading<Exhibitor[]> => whole('Exhibitors', (answer) => answer.exhibitors, (node: Exhibitor) => node);
export const artists = (): Reading<Artist[]> => whole('Artists', (answer) => answer.artists, (node: Artist) => node);
export const buyers = (): Reading<Buyer[]> => whole('Buyers', (answer) => answer.buyers, (node: Buyer) => node);

/** What people filter by; empty: whatever. */
export interface Filter {
  genre: string;
  region: string;
  language: string;
  right: string;
}

/** Somebody as a list shows them. */
export interface Found {
  id: string;
  href: string;
  name: { written: string; reading?: string | null; latin?: string | null };
  home: string | null;
  /** A second name: the buyer's person, the artist's exhibitor. */
  by: string;
  /** What stands at the end: the booth. */
  mark: string;
  genres: readonly string[];
  regions: readonly string[];
  languages: readonly string[];
  rights: readonly string[];
  /** Everything that is looked through. */
  text: string;
}

const text = (...parts: (string | null | undefined)[]) => fold(parts.filter(Boolean).join(' '));
const all = ({ written, reading, latin }: Found['name']) => [written, reading, latin];

export function ofExhibitor({ id, organisation, booth, genres, languages }: Exhibitor): Found {
  const { name, region } = organisation;
  const mark = booth?.code ?? '';
  const regions = region ? [region] : [];
  return { id, href: `/exhibitor/${id}`, name, home: region, by: '', mark, genres, regions, languages, rights: [], text: text(...all(name), mark, ...genres) };
}

export function ofArtist({ id, name, genre, rights, territories, exhibitor }: Artist): Found {
  const by = exhibitor.organisation.name;
  return { id, href: `/artist/${id}`, name, home: null, by: by.written, mark: '', genres: [genre], regions: territories, languages: [], rights, text: text(...all(name), ...all(by), genre) };
}

export function ofBuyer({ id, person, organisation, genres, languages, rights }: Buyer): Found {
  const { name, region } = organisation;
  const regions = region ? [region] : [];
  return { id, href: `/buyer/${id}`, name, home: region, by: person.name.written, mark: '', genres, regions, languages, rights, text: text(...all(name), ...all(person.name), ...genres) };
}

/** Those who fit the words and the filter. An artist without territories is free everywhere. */
export function fitting(found: readonly Found[], words: string, { genre, region, language, right }: Filter): Found[] {
  const everywhere = (it: Found) => it.href.startsWith('/artist/') && it.regions.length === 0;
  return found.filter(
    (it) =>
      (!genre || it.genres.includes(genre)) &&
      (!region || it.regions.includes(region) || everywhere(it)) &&
      (!language || it.languages.includes(language)) &&
      (!right || it.rights.includes(right)) &&
      holds(it.text, words),
  );
}

/** The values a filter can take among these, in the order of their names. */
export function values(found: readonly Found[], of: 'genres' | 'regions' | 'languages' | 'rights', name: (code: string) => string): { code: string; name: string }[] {
  const codes = new Set(found.flatMap((it) => [...it[of]]));
  return [...codes].map((code) => ({ code, name: name(code) })).sort((a, b) => a.name.localeCompare(b.name));
}

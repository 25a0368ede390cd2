// Looking through the lists: words and filters together, and what the filters offer.
import { expect, it } from 'vitest';
import { fitting, ofArtist, ofExhibitor, values, type Artist, type Exhibitor } from './catalogue';

const exhibitor = (id: string, written: string, latin: string, region: string, genres: string[]): Exhibitor => ({
  id,
  code: id,
  organisation: { name: { written, reading: null, latin }, region },
  booth: { code: `C-0${id}`, tables: 4, zone: { code: 'C' } },
  languages: ['ja'],
  genres,
  homepage: null,
});
const artist = (id: string, territories: string[]): Artist => ({
  id,
  code: id,
  name: { written: '午前三時の図書室', reading: 'ゴゼンサンジノトショシツ', latin: null },
  genre: 'j-pop',
  rights: ['SYNC'],
  territories,
  exhibitor: { id: 'x', code: 'x', organisation: { name: { written: '星空レコード', reading: 'ホシゾラレコード', latin: 'Hoshizora Records' } } },
});
const none = { genre: '', region: '', language: '', right: '' };
const found = [exhibitor('1', '星空レコード', 'Hoshizora Records', 'JP', ['city-pop']), exhibitor('2', 'Ponderosa', 'Ponderosa', 'US', ['jazz'])].map(ofExhibitor);

it.each([
  ['', none, ['1', '2']],
  ['hoshizora', none, ['1']],
  ['レコード C-01', none, ['1']],
  ['city', none, ['1']],
  ['', { ...none, region: 'US' }, ['2']],
  ['', { ...none, genre: 'jazz', region: 'JP' }, []],
])('%s %o', (words, filter, expected) => {
  expect(fitting(found, words, filter).map(({ id }) => id)).toEqual(expected);
});

it('an artist is found by its region, or when it is free everywhere, and by who represents it', () => {
  const artists = [artist('a', ['FR']), artist('b', []), artist('c', ['US'])].map(ofArtist);
  expect(fitting(artists, '', { ...none, region: 'FR' }).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(fitting(artists, 'としょしつ ﾎｼｿﾞﾗ', { ...none, right: 'SYNC' })).toHaveLength(3);
});

it('filters offer what is there, by name', () => {
  expect(values(found, 'regions', (code) => ({ JP: 'Japan', US: 'America' })[code] ?? code).map(({ code }) => code)).toEqual(['US', 'JP']);
});

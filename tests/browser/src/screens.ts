// The table of all screens: every route of the app, and as whom it is opened. A route without a row here fails
// (it/screens.test.ts). What a path needs of the market is asked for by those who look.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './machine';
import { VISITOR } from './market';
import type { Device } from './device';
import type { Person } from './person';

/** One person of each role, by the codes of the seed files; nobody is signed in as `nobody`. */
export const PEOPLE = {
  nobody: '',
  buyer: 'B001',
  exhibitor: 'S055',
  organizer: 'OR01',
  officer: 'OF01',
  adviser: 'AD01',
  speaker: 'SP01',
  interpreter: 'IN01',
  door_staff: 'DS01',
  visitor: VISITOR.code,
} as const;
export type Role = keyof typeof PEOPLE;

/** Who takes part without a side of their own: they see the same app. */
const OTHERS = ['adviser', 'speaker', 'interpreter', 'door_staff', 'visitor'] as const;
const SIDES = ['buyer', 'exhibitor'] as const;
const DESK = ['organizer', 'officer'] as const;
const ALL = [...SIDES, ...DESK, ...OTHERS] as const;

/** What stands in the market that paths name. */
export interface Found {
  /** A meeting of the buyer's, one of the booth's. */
  meeting: Partial<Record<Role, string>>;
  /** Somebody whom the buyer does not meet, and the booth of the exhibitor that is asked. */
  exhibitor: string;
  booth: string;
  buyer: string;
  artist: string;
  slot: number;
}

export interface Screen {
  route: string;
  roles: readonly Role[];
  /** Its address; the route itself where it has no parts to fill in. */
  path?: (found: Found, role: Role) => string;
  /** Another state of the same route. */
  state?: string;
  /** What brings that state about, once the page is at rest. */
  then?: (device: Device) => Promise<void>;
}

/** Presses the button of this name. */
const press =
  (word: 'agenda.list' | 'find.filter') =>
  async ({ page, say }: Device) =>
    page.getByRole('button', { name: say(word) }).first().click();

/** Ids that belong to nothing: their screens say so. */
const NOTHING = '00000000-0000-4000-8000-000000000000';

export const SCREENS: readonly Screen[] = [
  { route: '/', roles: ALL },
  { route: '/agenda', roles: ALL },
  { route: '/agenda', state: 'as a list', roles: SIDES, then: press('agenda.list') },
  { route: '/artist/[id]', roles: [...SIDES, 'organizer', 'visitor'], path: ({ artist }) => `/artist/${artist}` },
  { route: '/badge', roles: ALL },
  { route: '/board', roles: ['exhibitor', 'buyer', 'organizer', 'speaker'] },
  { route: '/board', state: 'the second day', roles: ['exhibitor'], path: () => '/board?day=1' },
  { route: '/buyer/[id]', roles: ['exhibitor', 'organizer', 'officer', 'adviser'], path: ({ buyer }) => `/buyer/${buyer}` },
  { route: '/exhibitor/[id]', roles: ['buyer', 'organizer', 'speaker', 'visitor'], path: ({ exhibitor }) => `/exhibitor/${exhibitor}` },
  { route: '/exhibitor/[id]', state: 'of nobody', roles: ['buyer'], path: () => `/exhibitor/${NOTHING}` },
  { route: '/booths', roles: ['organizer', 'officer', 'buyer'] },
  { route: '/booths/[id]', roles: ['organizer', 'officer'], path: ({ booth }) => `/booths/${booth}` },
  { route: '/find', roles: ALL },
  { route: '/find', state: 'filters', roles: ['buyer'], then: press('find.filter') },
  { route: '/find', state: 'artists', roles: ['buyer'], path: () => '/find?what=artists' },
  { route: '/free', roles: [...SIDES, 'adviser'] },
  { route: '/leads', roles: ['exhibitor', 'buyer'] },
  { route: '/letters', roles: ['organizer', 'officer'] },
  { route: '/me', roles: ALL },
  { route: '/meeting/[id]', roles: [...SIDES, 'organizer'], path: ({ meeting }, role) => `/meeting/${meeting[role]}` },
  { route: '/meeting/[id]', state: 'of others', roles: ['buyer', 'speaker'], path: ({ meeting }, role) => `/meeting/${role === 'buyer' ? NOTHING : meeting.buyer}` },
  { route: '/notices', roles: ALL },
  { route: '/people', roles: ['organizer', 'officer'] },
  { route: '/people', state: 'exhibitors', roles: ['organizer'], path: () => '/people?what=exhibitors' },
  { route: '/people/[id]', roles: ['organizer', 'officer'], path: ({ buyer }) => `/people/${buyer}` },
  { route: '/people/import', roles: ['organizer', 'officer'] },
  { route: '/phases', roles: ['organizer', 'officer'] },
  { route: '/plan', roles: ['buyer', 'organizer', 'interpreter', 'visitor'] },
  { route: '/plan', state: 'a booth', roles: ['buyer'], path: () => '/plan?booth=C-07' },
  { route: '/requests', roles: ALL },
  { route: '/requests', state: 'of one slot', roles: SIDES, path: ({ slot }) => `/requests?slot=${slot}` },
  { route: '/sign-in', roles: ['nobody'] },
  { route: '/staffing', roles: ['exhibitor', 'buyer'] },
  { route: '/timetable', roles: ['organizer', 'officer', 'exhibitor'] },
  { route: '/timetable/compare', roles: ['organizer'] },
  { route: '/timetable/repair', roles: ['organizer'] },
  { route: '/timetable/what-if', roles: ['organizer'] },
  { route: '/timetable/why', roles: ['organizer', 'officer'] },
  { route: '/timetable/why', state: 'of one pair', roles: ['organizer'], path: ({ buyer, exhibitor }) => `/timetable/why?buyer=${buyer}&exhibitor=${exhibitor}` },
  { route: '/wishes', roles: SIDES },
];

/** Every route that the app has, as SvelteKit reads them off its folders. */
export function routes(): string[] {
  const files = readdirSync(join(root, 'mobile-api/app/src/routes'), { recursive: true, encoding: 'utf8' });
  const pages = files.filter((file) => /(^|\/)\+page\.svelte$/.test(file));
  return pages.map((file) => `/${file.replace(/\/?\+page\.svelte$/, '')}`).sort();
}

/** Routes without a row, and rows without a route. */
export function unknown(routes: readonly string[], screens: readonly Pick<Screen, 'route'>[]): string[] {
  const rows = new Set(screens.map(({ route }) => route));
  return [
    ...routes.filter((route) => !rows.has(route)).map((route) => `${route} has no row in src/screens.ts`),
    ...[...rows].filter((route) => !routes.includes(route)).map((route) => `${route} is not a route of the app any more`),
  ];
}

/** Asks the market for what the paths name. */
export async function find(people: Record<'buyer' | 'exhibitor' | 'organizer', Person>): Promise<Found> {
  const { myAgenda } = await people.buyer.ask('MyAgenda');
  const { myBooth } = await people.exhibitor.ask('MyBooth');
  const met = myAgenda.entries.map((entry: any) => entry.meeting).filter(Boolean);
  const { exhibitors } = await people.buyer.ask('Exhibitors', { first: 100 });
  const { artists } = await people.buyer.ask('Artists', { first: 1 });
  const { event } = await people.buyer.ask('Event');
  const strangers = exhibitors.edges.map((edge: any) => edge.node).filter(({ id }: any) => !met.some((meeting: any) => meeting.exhibitor.id === id));
  // The afternoon's first meeting is the one the on-site screens are looked at for.
  const later = (meetings: any[], starts: (it: any) => string) => meetings.find((it) => starts(it) >= '2025-11-05T04:30') ?? meetings[0];
  const mine = later(myAgenda.entries.filter(({ meeting }: any) => meeting), ({ startsAt }) => new Date(startsAt).toISOString()).meeting.id;
  const booths = later([...myBooth.meetings].sort((a: any, b: any) => a.slot.number - b.slot.number), ({ slot }) => new Date(slot.startsAt).toISOString()).id;
  const buyer = myBooth.meetings[0].buyer.id;
  const booth = (await people.exhibitor.ask('Me')).me.exhibitor.id;
  const busy = new Set(myAgenda.entries.map(({ startsAt }: any) => new Date(startsAt).getTime()));
  const slots = event.days.flatMap((day: any) => day.slots);
  const slot = slots.find(({ startsAt }: any) => !busy.has(new Date(startsAt).getTime()))?.number ?? 0;
  return { meeting: { buyer: mine, exhibitor: booths, organizer: mine }, exhibitor: strangers[0].id, booth, buyer, artist: artists.edges[0].node.id, slot };
}

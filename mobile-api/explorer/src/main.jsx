// The GraphQL explorer of development: GraphiQL as the person who is signed in, with the ready queries beside it.
// Deliberately not here: the app. It stands in until mobile-api/app exists and is served in development only.
import { DOC_EXPLORER_PLUGIN, DocExplorerContextProvider } from '@graphiql/plugin-doc-explorer';
import { useEditorContext, useExecutionContext } from '@graphiql/react';
import { GraphiQLInterface, GraphiQLProvider } from 'graphiql';
import { useCallback, useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import { fetcher, loadOperations, loadSchema, signOut, whoAmI } from './api.js';
import './look.css';

const PLUGINS = [DOC_EXPLORER_PLUGIN];

// Queries and answers hold people's names: they live as long as the page and are written nowhere.
function pageStorage() {
  const kept = new Map();
  return {
    getItem: (key) => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: (key) => kept.delete(key),
    clear: () => kept.clear(),
    get length() {
      return kept.size;
    },
  };
}
const STORAGE = pageStorage();

function asked(operations) {
  const name = new URLSearchParams(window.location.search).get('open');
  return operations.find((one) => one.name === name) ?? operations[0];
}

function TopBar({ me, notice, onSignOut }) {
  return (
    <header className="bar">
      <strong className="brand">
        <span lang="ja">市場</span> Ichiba <span className="wide">explorer</span>
      </strong>
      <span className="who" role="status">
        {notice ?? me?.line ?? 'Asking who you are …'}
      </span>
      {me?.signedIn && (
        <button type="button" className="plain" onClick={onSignOut}>
          Sign out
        </button>
      )}
    </header>
  );
}

/** The ready queries: a list on a desk, one choice field on a phone (look.css shows the one that fits). */
function Ready({ operations, current, onPick }) {
  return (
    <nav className="ready" aria-label="Ready queries">
      <label className="choice">
        Ready query
        <select value={current ?? ''} onChange={(event) => onPick(event.target.value)}>
          {current === null && <option value="">Choose …</option>}
          {operations.map((one) => (
            <option key={one.name}>{one.name}</option>
          ))}
        </select>
      </label>
      <h2>Ready queries</h2>
      <ul>
        {operations.map((one) => (
          <li key={one.name}>
            <button
              type="button"
              aria-current={one.name === current ? 'true' : undefined}
              onClick={() => onPick(one.name)}
            >
              {one.name}
              {one.kind !== 'query' && <small>{one.kind}</small>}
            </button>
          </li>
        ))}
      </ul>
      {operations.length === 0 && <p>None yet: add files to mobile-api/operations.</p>}
    </nav>
  );
}

/** Everything that needs GraphiQL's editors: choosing a ready query fills a tab and runs it when it only reads. */
function Desk({ operations }) {
  const { tabs, activeTabIndex, changeTab, queryEditor, variableEditor, responseEditor } = useEditorContext({
    nonNull: true,
  });
  const { run } = useExecutionContext({ nonNull: true });
  const [toRun, setToRun] = useState(() => asked(operations)?.name ?? null);
  const active = tabs[activeTabIndex];
  const current = operations.find((one) => one.name === active?.operationName)?.name ?? null;

  const pick = useCallback(
    (name) => {
      const operation = operations.find((one) => one.name === name);
      if (!operation) return;
      const open = tabs.findIndex((tab) => tab.operationName === name);
      if (open >= 0 && open !== activeTabIndex) {
        changeTab(open);
      } else if (open < 0) {
        queryEditor?.setValue(operation.document);
        variableEditor?.setValue(operation.variables);
        responseEditor?.setValue('');
      }
      setToRun(name);
    },
    [operations, tabs, activeTabIndex, changeTab, queryEditor, variableEditor, responseEditor],
  );

  useEffect(() => {
    if (toRun === null || queryEditor === null || current !== toRun) return;
    const operation = operations.find((one) => one.name === toRun);
    setToRun(null);
    if (operation.kind === 'query' && operation.variables === '') run();
  }, [toRun, current, queryEditor, operations, run]);

  return (
    <div className="desk">
      <Ready operations={operations} current={current} onPick={pick} />
      <GraphiQLInterface
        defaultEditorToolsVisibility="variables"
        forcedTheme="system"
        isHeadersEditorEnabled={false}
        showPersistHeadersSettings={false}
      />
    </div>
  );
}

function Explorer() {
  const [me, setMe] = useState(null);
  const [notice, setNotice] = useState(null);
  const [loaded, setLoaded] = useState(null);

  useEffect(() => {
    whoAmI().then(setMe);
    const operations = loadOperations().catch((problem) => {
      setNotice(problem.message);
      return [];
    });
    Promise.all([operations, loadSchema()]).then(([ready, schema]) => setLoaded({ ready, schema }));
  }, []);

  const leave = useCallback(async () => {
    const problem = await signOut();
    if (problem === null) window.location.assign('/');
    else setNotice(problem);
  }, []);

  const first = loaded && asked(loaded.ready);
  return (
    <>
      <TopBar me={me} notice={notice} onSignOut={leave} />
      {loaded === null ? (
        <p className="wait">Loading the ready queries …</p>
      ) : (
        <GraphiQLProvider
          fetcher={fetcher}
          schema={loaded.schema}
          storage={STORAGE}
          plugins={PLUGINS}
          referencePlugin={DOC_EXPLORER_PLUGIN}
          query={first?.document ?? '{ __typename }'}
          variables={first?.variables ?? ''}
        >
          <DocExplorerContextProvider>
            <Desk operations={loaded.ready} />
          </DocExplorerContextProvider>
        </GraphiQLProvider>
      )}
    </>
  );
}

createRoot(document.getElementById('root')).render(<Explorer />);

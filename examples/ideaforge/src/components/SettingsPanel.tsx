import { useSettings } from "chartgen-client/react";
import { getSettings, type Settings } from "../lib/job-config";
import { isOfThePage, names, originOf, useSettingsNews, type Origin, type SettingsNews } from "../lib/settings-news";
import { span, timeOfDay } from "../lib/times";

const LABELS: Readonly<Record<keyof Settings, string>> = {
  pollIntervalMs: "Poll interval",
  maxPollAttempts: "Attempts",
  timeoutMs: "Timeout",
};

const ORIGINS: Readonly<Record<Origin, string>> = {
  "settings.json": "settings.json",
  window: "window",
  page: "the page's data",
  default: "default",
};

/** The settings in force, and where each came from. */
export function SettingsPanel() {
  const settings = useSettings(getSettings);
  const news = useSettingsNews();
  return (
    <aside className="card" aria-labelledby="settings">
      <h2 id="settings">Poll settings in force</h2>
      <div className="scroll" role="region" aria-labelledby="settings" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">Value</th>
              <th scope="col">From</th>
            </tr>
          </thead>
          <tbody>
            {names().map(([name, env]) => (
              <tr key={name} data-setting={env}>
                <th scope="row">
                  {LABELS[name]}
                  <code>{env}</code>
                </th>
                <td>{name.endsWith("Ms") ? duration(settings[name]) : settings[name]}</td>
                <td>{ORIGINS[originOf(env, news)]}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div role="status">
        <News news={news} />
      </div>
    </aside>
  );
}

const duration = (ms: number): string => (ms % 1000 === 0 ? span(ms) : `${ms} ms`);

function News({ news }: { news: SettingsNews }) {
  const { changedAt, refused } = news;
  const [unread] = refused.filter(({ env }) => env.length === 0);
  if (unread) return <p className="quiet">No change reaches this page without a reload: {unread.message}.</p>;
  if (refused.length > 0) {
    const stays = isOfThePage(news) ? "the defaults stand in" : "those above stay";
    return (
      <div className="note doubtful">
        <strong>Not taken; {stays}:</strong>
        <ul>
          {refused.map(({ message }) => (
            <li key={message}>{message}</li>
          ))}
        </ul>
      </div>
    );
  }
  if (!changedAt) return <p className="quiet">A change of the settings reaches this page without a reload.</p>;
  return <p className="note good">Changed at {timeOfDay(changedAt)}, while this page was open.</p>;
}

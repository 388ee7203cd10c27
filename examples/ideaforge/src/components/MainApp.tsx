import { useState } from "react";
import { forget, recall, remember, type FollowedJob } from "../lib/followed-job";
import { ZONE } from "../lib/times";
import { JobForm } from "./JobForm";
import { JobView } from "./JobView";
import { RecentJobs } from "./RecentJobs";
import { SettingsPanel } from "./SettingsPanel";

/** A job, and the how manyth following of this page it is: the same job may be followed anew. */
interface Following {
  readonly job: FollowedJob;
  readonly run: number;
}

/** The page: one job at a time is ordered and followed; what paces it is shown beside it. */
export function MainApp() {
  const [following, setFollowing] = useState<Following | undefined>(() => {
    const job = recall();
    return job && { job, run: 0 };
  });
  const [isBack, setReturned] = useState(false);
  const follow = (job: FollowedJob): void => {
    remember(job);
    setFollowing((before) => ({ job, run: (before?.run ?? 0) + 1 }));
  };
  const leave = (): void => {
    forget();
    setFollowing(undefined);
    setReturned(true);
  };
  return (
    <>
      <a className="skip" href="#main">
        Skip to the job
      </a>
      <header className="top">
        <h1>Ideaforge</h1>
        <p>A job is submitted, and polled for at the pace that the operator set.</p>
      </header>
      <div className="page">
        <main id="main" tabIndex={-1}>
          {following ? (
            <JobView key={following.run} {...following} onFollow={follow} onLeave={leave} />
          ) : (
            <JobForm isFocused={isBack} onAccepted={(id) => follow({ id, resume: undefined })} />
          )}
          <RecentJobs onChoose={(id) => follow({ id, resume: undefined })} />
        </main>
        <SettingsPanel />
      </div>
      <footer className="bottom">All times are in {ZONE}.</footer>
    </>
  );
}

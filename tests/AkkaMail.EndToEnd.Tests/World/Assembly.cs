// The servers, sinks and DNS servers of two tests at once would fight for two cores, and figures would mean nothing.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

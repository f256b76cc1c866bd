// Each test is a cluster node with a journal on disk; two at once would only wait for each other's cores.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

// Each test starts processes that measure time: two clusters at once on two cores would measure each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

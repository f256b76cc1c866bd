using AkkaMail.Server.Data;

namespace AkkaMail.Server.Tests.Data;

/// <summary>How many connections there may be when the system gives only so many files.</summary>
public sealed class OpenFilesTests
{
    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1024)]
    [InlineData("Max open files            unlimited            unlimited            files     ", null)]
    [InlineData("Max processes             95                   95                   processes ", null)]
    public void The_limit_is_read_as_Linux_says_it(string line, int? limit) =>
        Assert.Equal(limit, OpenFiles.Read(["Limit                     Soft Limit           Hard Limit", line]));

    [Theory]
    [InlineData(600, 86, 172)]
    [InlineData(512, 64, 128)]
    [InlineData(1_048_576, 10_000, 20_000)]
    [InlineData(null, 10_000, 20_000)]
    public void Doors_and_deliveries_leave_enough_for_the_databases(int? limit, int inward, int outward)
    {
        var files = new OpenFiles(limit);

        Assert.Equal((inward, outward), (files.Inward(10_000), files.Outward(20_000)));
        if (limit is { } max) Assert.True(2 * files.Inward(int.MaxValue) + files.Outward(int.MaxValue) <= max - OpenFiles.OwnMax);
    }
}

// A .NET Core console program: prints what it runs on, its arguments, and a sum made with LINQ, so that more than one
// assembly of the shared framework is loaded.
using System;
using System.Linq;
using System.Runtime.InteropServices;

static class Hello {
  static int Main(string[] arguments) {
    Console.WriteLine("hello from .NET on " + (RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "Windows" : "?"));
    Console.WriteLine("sum of squares: " + Enumerable.Range(1, 10).Sum(n => n * n));
    foreach (var argument in arguments) Console.WriteLine("argument: " + argument);
    return 0;
  }
}

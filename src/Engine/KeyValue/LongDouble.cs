using System.Globalization;
using System.Numerics;
using System.Text;

namespace Cluster.Engine.KeyValue;

/// <summary>
/// A number in the x87 extended format, C's <c>long double</c> where Redis is at home: 64 bits of significand, 15 of exponent. Reading, adding and writing
/// round exactly as there, to nearest and ties to even, so that INCRBYFLOAT gives what Redis gives to the last digit, on every processor.
/// </summary>
internal readonly struct LongDouble
{
    public static readonly LongDouble Zero;

    private const int SignificandBits = 64;

    /// <summary>Of the significand's last bit: the smallest number is 2 to this.</summary>
    private const int MinExponent = -16445;
    private const int MaxExponent = 16320;

    /// <summary>Redis's bound on a number's text; and no number past these powers of ten is finite, or other than zero.</summary>
    private const int MaxTextBytes = 5119;
    private const int MaxDecimalExponent = 4933;
    private const int MinDecimalExponent = -4952;

    /// <summary>Digits behind the point that Redis writes at most.</summary>
    private const int Decimals = 17;

    private static readonly BigInteger DecimalScale = BigInteger.Pow(10, Decimals);

    private readonly BigInteger significand;
    private readonly int exponent;

    private LongDouble(BigInteger significand, int exponent, bool isFinite = true)
    {
        this.significand = significand;
        this.exponent = exponent;
        IsInfinite = !isFinite;
    }

    public bool IsFinite => !IsInfinite;

    private bool IsInfinite { get; }

    public static LongDouble operator +(LongDouble left, LongDouble right)
    {
        if (left.IsInfinite || right.IsInfinite)
        {
            return left.IsInfinite ? left : right;
        }

        var exponent = Math.Min(left.exponent, right.exponent);
        return Rounded((left.significand << (left.exponent - exponent)) + (right.significand << (right.exponent - exponent)), exponent, isInexact: false);
    }

    /// <summary>Reads what <c>strtold</c> reads, but for hexadecimal: digits with a point and an exponent, or an infinity. What is no number, or too small or too large for one, is refused.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out LongDouble number)
    {
        number = Zero;
        if (text.IsEmpty || text.Length > MaxTextBytes)
        {
            return false;
        }

        var negative = text[0] == (byte)'-';
        var unsigned = negative || text[0] == (byte)'+' ? text[1..] : text;
        if (Ascii.EqualsIgnoreCase(unsigned, "inf"u8) || Ascii.EqualsIgnoreCase(unsigned, "infinity"u8))
        {
            number = new LongDouble(negative ? BigInteger.MinusOne : BigInteger.One, 0, isFinite: false);
            return true;
        }

        if (!TryDigits(unsigned, out var digits, out var scale))
        {
            return false;
        }

        if (digits.IsZero)
        {
            return true;
        }

        var magnitude = digits.ToString(CultureInfo.InvariantCulture).Length + scale;
        if (magnitude is > MaxDecimalExponent or < MinDecimalExponent)
        {
            return false;
        }

        number = FromDecimal(negative ? -digits : digits, (int)scale);
        return number.IsFinite && !number.significand.IsZero;
    }

    /// <summary>At most 17 digits behind the point, and no zeros that say nothing.</summary>
    public byte[] Format()
    {
        var scaled = BigInteger.Abs(significand) * DecimalScale;
        scaled = exponent >= 0 ? scaled << exponent : ShiftRounded(scaled, -exponent, isInexact: false);
        var whole = BigInteger.DivRem(scaled, DecimalScale, out var fraction);
        var text = whole.ToString(CultureInfo.InvariantCulture);
        if (!fraction.IsZero)
        {
            text += "." + fraction.ToString(CultureInfo.InvariantCulture).PadLeft(Decimals, '0').TrimEnd('0');
        }

        return Encoding.ASCII.GetBytes(significand.Sign < 0 && !scaled.IsZero ? "-" + text : text);
    }

    /// <summary>Digits and point, then an exponent: the number is <paramref name="digits"/> times ten to <paramref name="scale"/>.</summary>
    private static bool TryDigits(ReadOnlySpan<byte> text, out BigInteger digits, out long scale)
    {
        digits = BigInteger.Zero;
        scale = 0;
        var e = text.IndexOfAny((byte)'e', (byte)'E');
        var mantissa = e < 0 ? text : text[..e];
        if (e >= 0 && !TryExponent(text[(e + 1)..], out scale))
        {
            return false;
        }

        var point = mantissa.IndexOf((byte)'.');
        var whole = Encoding.ASCII.GetString(point < 0 ? mantissa : mantissa[..point]);
        var fraction = point < 0 ? "" : Encoding.ASCII.GetString(mantissa[(point + 1)..]);
        scale -= fraction.Length;
        return whole.Length + fraction.Length > 0 && BigInteger.TryParse(whole + fraction, NumberStyles.None, CultureInfo.InvariantCulture, out digits);
    }

    private static bool TryExponent(ReadOnlySpan<byte> text, out long exponent)
    {
        // More than these digits, and the number is none or zero whatever they are.
        const int MostDigits = 12;
        exponent = 0;
        var negative = text.Length > 0 && text[0] == (byte)'-';
        var digits = negative || (text.Length > 0 && text[0] == (byte)'+') ? text[1..] : text;
        if (digits.IsEmpty || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        digits = digits.TrimStart((byte)'0');
        exponent = digits.Length > MostDigits ? long.MaxValue / 2 : digits.IsEmpty ? 0 : long.Parse(digits, CultureInfo.InvariantCulture);
        exponent = negative ? -exponent : exponent;
        return true;
    }

    private static LongDouble FromDecimal(BigInteger digits, int scale)
    {
        if (scale >= 0)
        {
            return Rounded(digits * BigInteger.Pow(10, scale), 0, isInexact: false);
        }

        // Two bits more than the significand has, and whether anything is left over, decide the rounding.
        var divisor = BigInteger.Pow(10, -scale);
        var shift = (int)Math.Max(0, SignificandBits + 2 - ((long)BigInteger.Abs(digits).GetBitLength() - (long)divisor.GetBitLength()));
        var quotient = BigInteger.DivRem(BigInteger.Abs(digits) << shift, divisor, out var rest);
        return Rounded(digits.Sign < 0 ? -quotient : quotient, -shift, isInexact: !rest.IsZero);
    }

    private static LongDouble Rounded(BigInteger value, int exponent, bool isInexact)
    {
        var magnitude = BigInteger.Abs(value);
        var extra = Math.Max((int)magnitude.GetBitLength() - SignificandBits, MinExponent - exponent);
        if (extra > 0)
        {
            magnitude = ShiftRounded(magnitude, extra, isInexact);
            exponent += extra;
        }

        // Rounding up may have carried into one bit more; a short significand stands further left than its bits say.
        var isFinite = magnitude.IsZero || exponent + (int)magnitude.GetBitLength() - SignificandBits <= MaxExponent;
        return new LongDouble(value.Sign < 0 ? -magnitude : magnitude, exponent, isFinite);
    }

    /// <summary>Divides by a power of two, to nearest, ties to even.</summary>
    /// <param name="isInexact">Something smaller than the last bit was left out before: then there is no tie.</param>
    private static BigInteger ShiftRounded(BigInteger magnitude, int bits, bool isInexact)
    {
        var quotient = magnitude >> bits;
        var rest = magnitude - (quotient << bits);
        var half = BigInteger.One << (bits - 1);
        var order = rest.CompareTo(half);
        return order > 0 || (order == 0 && (isInexact || !quotient.IsEven)) ? quotient + 1 : quotient;
    }
}
